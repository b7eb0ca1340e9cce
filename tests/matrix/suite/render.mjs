// A component that begins a flow while a server renders it, where a sessionStorage is there.
import { beginConnect } from "stripe-connect-oauth";

let said = "begun";
try {
  beginConnect({ client_id: "ca_123", redirect_uri: "https://shop.example/" }, { subject: "ada" });
} catch ({ code, message }) {
  said = `${code} ${message}`;
}
console.log(typeof sessionStorage, said);
