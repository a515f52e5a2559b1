"""Signatures of webhooks: those of the specification, and what a receiver refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stopship.errors import WebhookError
from stopship.jobs.signing import key_of, new_secret, sign, verify

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBER = "msg_p5jXN8AQM9LWM0D4loKWxJek"
MOMENT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'


def test_the_signature_of_the_specification() -> None:
    headers = sign([key_of(SECRET)], NUMBER, MOMENT, BODY)
    assert headers == {
        "webhook-id": NUMBER,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_receiver_takes_what_is_whole_and_refuses_the_rest() -> None:
    key = key_of(SECRET)
    headers = dict(sign([key], NUMBER, MOMENT, BODY))
    assert verify([key], headers, BODY, MOMENT + timedelta(seconds=299))
    assert not verify([key], headers, BODY + b" ", MOMENT)
    assert not verify([key], headers | {"webhook-id": "msg_other"}, BODY, MOMENT)
    assert not verify([key], headers | {"webhook-timestamp": "1614265331"}, BODY, MOMENT)
    assert not verify([key], headers, BODY, MOMENT + timedelta(seconds=301))
    assert not verify([key_of(new_secret())], headers, BODY, MOMENT)
    assert not verify([key], {}, BODY, MOMENT)


def test_while_a_secret_is_replaced_either_is_right() -> None:
    old, new = key_of(SECRET), key_of(new_secret())
    headers = sign([new, old], NUMBER, MOMENT, BODY)
    assert headers["webhook-signature"].count("v1,") == 2
    assert verify([old], headers, BODY, MOMENT) and verify([new], headers, BODY, MOMENT)


def test_secrets_are_long_random_and_told_from_others() -> None:
    assert len(key_of(new_secret())) == 32 and new_secret() != new_secret()
    for bad in ("", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", SECRET.removeprefix("whsec_")):
        with pytest.raises(WebhookError, match="no secret"):
            key_of(bad)
