"""Python: requests under Flask. The exchange carries its parameters in the address, as the document's sample does."""

import os
from importlib.metadata import version
from platform import python_version
from urllib.parse import urlencode

import requests
from flask import Flask, redirect, request

STRIPE = os.environ["STRIPE"]
CLIENT_ID = os.environ["CLIENT_ID"]
API_KEY = os.environ["SECRET_KEY"]

app = Flask(__name__)


@app.get("/authorize")
def authorize():
    params = {
        "response_type": "code",
        "scope": "read_write",
        "client_id": CLIENT_ID,
        "redirect_uri": os.environ["REDIRECT_URI"],
    }
    return redirect(f"{STRIPE}/oauth/authorize?{urlencode(params)}")


@app.get("/oauth/callback")
def callback():
    if "error" in request.args:
        return request.args["error_description"]
    data = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": API_KEY,
        "code": request.args["code"],
    }
    return requests.post(f"{STRIPE}/oauth/token", params=data).json()


@app.post("/deauthorize")
def deauthorize():
    data = {"client_id": CLIENT_ID, "stripe_user_id": request.form["stripe_user_id"]}
    headers = {"Authorization": f"Bearer {API_KEY}"}
    return requests.post(f"{STRIPE}/oauth/deauthorize", data=data, headers=headers).json()


versions = [f"{name} {version(name)}" for name in ("requests", "flask")]
print(", ".join([f"Python {python_version()}", *versions]), flush=True)
app.run("127.0.0.1", int(os.environ["PORT"]))
