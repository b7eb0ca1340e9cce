import { connectButton } from "stripe-connect-oauth";

export default function Page() {
  return <main dangerouslySetInnerHTML={{ __html: connectButton({ action: "/connect/start" }) }} />;
}
