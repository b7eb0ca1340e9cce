"""The authorize URL of stripe-python for each input: a list of [parameters, express] in, a list of URLs out."""

import json
import sys

import stripe

cases = json.load(sys.stdin)
json.dump([stripe.OAuth.authorize_url(express=express, **params) for params, express in cases], sys.stdout)
