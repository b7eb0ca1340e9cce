import { connectButton } from "stripe-connect-oauth";

export default function Home() {
  return <main dangerouslySetInnerHTML={{ __html: connectButton({ action: "/connect/start" }) }} />;
}
