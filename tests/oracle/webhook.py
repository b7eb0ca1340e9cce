"""stripe-python's verdict on each case, at the case's own time: the event it made, or the error's name."""

import base64
import json
import sys
import time

import stripe


def verdict(case):
    time.time = lambda: case["now"]
    body = base64.b64decode(case["body"]) if case["bytes"] else case["body"]
    try:
        event = stripe.Webhook.construct_event(
            body, case["header"], case["secret"], case["tolerance"], api_key="sk_test_123"
        )
        return {"event": json.loads(str(event))}
    except Exception as error:
        return {"error": type(error).__name__}


json.dump([verdict(case) for case in json.load(sys.stdin)], sys.stdout)
