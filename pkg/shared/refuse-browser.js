throw new Error("stripe-connect-oauth: this entry works with the platform's secret key and must not be in a browser bundle");
