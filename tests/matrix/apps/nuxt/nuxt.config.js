export default defineNuxtConfig({ css: ["stripe-connect-oauth/button.css"] });
