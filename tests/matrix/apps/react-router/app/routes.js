import { index, route } from "@react-router/dev/routes";

export default [index("routes/home.jsx"), route("return", "routes/return.jsx"), route("connect/*", "routes/connect.js")];
