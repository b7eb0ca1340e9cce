import { Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";
import "stripe-connect-oauth/button.css";

export default function App() {
  return (
    <html lang="en">
      <head>
        <title>Shop</title>
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}
