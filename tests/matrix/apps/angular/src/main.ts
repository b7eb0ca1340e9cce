import { Component, inject, provideZonelessChangeDetection, signal } from "@angular/core";
import { DomSanitizer, bootstrapApplication } from "@angular/platform-browser";
import { beginConnect, connectButton, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { connect_base } from "../addresses.js";

const subject = "ada";

@Component({
  selector: "shop-connect",
  template: `
    <main [innerHTML]="link" (click)="begin($event)"></main>
    <section [innerHTML]="form"></section>
    <aside [innerHTML]="plain"></aside>
    <output>{{ outcome() }}</output>
  `,
})
class Connect {
  // Angular takes forms and what an attribute says out of markup that is not marked as trusted. The button's is.
  #sanitizer = inject(DomSanitizer);
  link = this.#sanitizer.bypassSecurityTrustHtml(connectButton({ href: "/connect/start" }));
  form = this.#sanitizer.bypassSecurityTrustHtml(connectButton({ action: "/connect/start", label: "Mit Stripe verbinden" }));
  plain = connectButton({ action: "/connect/start" });
  outcome = signal("");

  constructor() {
    const completing = completeConnect({ subject });
    completing.then((ending) => this.outcome.set(ending.outcome));
    Object.assign(globalThis, { completing: [completing], heard: [finishConnect(undefined, { subject })] });
  }

  begin(event: Event) {
    event.preventDefault();
    const redirect_uri = location.origin + location.pathname;
    location.href = beginConnect({ client_id: "ca_sandbox123", redirect_uri, scope: "read_write" }, { subject, connect_base }).url;
  }
}

bootstrapApplication(Connect, { providers: [provideZonelessChangeDetection()] });
