"""The tour by Debian's python3-twilio: make a queue, fill it, list, move, hold, record, close.

    tour.py REHEARSAL NUMBER NUMBER NUMBER

REHEARSAL is the line of JSON that `callin rehearsal` prints; the numbers are
telephones that answer.
"""

import json
import sys
import time
from datetime import timedelta

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

ENQUEUE = "<Response><Enqueue>tour</Enqueue></Response>"
MEET = "<Response><Dial><Conference beep='false'>tour</Conference></Dial></Response>"


def until(what, holds):
    """Waits until holds() is true, for ten seconds at most."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def refused(code, ask):
    try:
        ask()
    except TwilioRestException as error:
        assert error.code == code, error
    except TwilioException as error:  # of a list it has the answer's text alone
        assert f'"code":{code},' in str(error), error
    else:
        raise AssertionError(f"{code} was expected")


def tour(rehearsal, telephones):
    client = Client(rehearsal["account_sid"], rehearsal["auth_token"])
    client.api.base_url = rehearsal["address"]
    assert client.api.account.fetch().status == "active"

    queue = client.queues.create(friendly_name="tour", max_size=10)
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("tour", 10, 0)
    for number in telephones:
        client.calls.create(to=number, from_=rehearsal["listeners_number"], twiml=ENQUEUE)
    members = client.queues(queue.sid).members
    until("three wait", lambda: len(members.list()) == 3)
    waiting = members.list(page_size=1)
    assert [m.position for m in waiting] == [1, 2, 3]
    assert client.queues(queue.sid).fetch().current_size == 3
    a, b, c = [m.call_sid for m in waiting]
    assert client.queues(queue.sid).members("Front").fetch().call_sid == a

    for sid in (a, b):
        client.calls(sid).update(twiml=MEET)

    def conferences():
        return client.conferences.list(friendly_name="tour", status="in-progress")

    until("a conference begins", lambda: len(conferences()) == 1)
    room = client.conferences(conferences()[0].sid)
    until("two are in it", lambda: len(room.participants.list()) == 2)
    assert room.participants(a).update(hold=True).hold
    assert room.participants(b).update(muted=True).muted
    assert [p.call_sid for p in room.participants.list(hold=True)] == [a]
    assert [p.call_sid for p in room.participants.list(muted=True)] == [b]

    recording = client.calls(a).recordings.create()
    own = client.calls(a).recordings(recording.sid)
    assert own.update(status="paused").status == "paused"
    assert own.update(status="in-progress").status == "in-progress"
    own.update(status="stopped")
    until("the recording is there", lambda: client.recordings(recording.sid).fetch().status == "completed")
    assert [r.sid for r in client.recordings.list(call_sid=a)] == [recording.sid]
    assert client.recordings(recording.sid).delete()

    refused(22004, client.queues(queue.sid).delete)
    assert room.update(status="completed").status == "completed"
    client.calls(c).update(status="completed")
    for sid in (a, b, c):
        until("the calls are over", lambda: client.calls(sid).fetch().status == "completed")
    assert client.queues(queue.sid).delete()
    refused(20404, client.queues(queue.sid).fetch)


def rules(rehearsal, to):
    """Lists, days, texts, keys and refusals."""
    client = Client(rehearsal["account_sid"], rehearsal["auth_token"])
    client.api.base_url = client.monitor.base_url = rehearsal["address"]
    sender = rehearsal["listeners_number"]

    for i in range(7):
        client.queues.create(friendly_name=f"queue {i}")
    walked = 0
    page = client.queues.page(page_size=2)
    while page:  # deleted while they are walked: each comes once, and none is left
        for queue in page:
            walked += client.queues(queue.sid).delete()
        page = page.next_page()
    assert walked == 7, walked
    refused(21481, lambda: client.queues.page(page_token="nonsense"))

    sid = client.calls.create(to=to, from_=sender, twiml="<Response><Pause length='60'/></Response>").sid
    until("the call is answered", lambda: client.calls(sid).fetch().status == "in-progress")
    day = client.calls(sid).fetch().start_time.date()  # goes as its midnight
    assert sid in [call.sid for call in client.calls.list(start_time=day)]
    assert not client.calls.list(start_time=day - timedelta(days=1))
    assert not client.calls.list(start_time_after=day + timedelta(days=1))

    text = client.messages.create(from_=sender, to=to, body="Sorry")
    assert text.status == "queued"
    assert client.messages(text.sid).fetch().status == "delivered"
    refused(21606, lambda: client.messages.create(from_="+12025550199", to=to, body="x"))
    refused(21211, lambda: client.messages.create(from_=sender, to="nobody", body="x"))

    number = client.incoming_phone_numbers.list(phone_number=sender)[0]
    assert number.update(voice_method="get").voice_method == "GET"
    refused(21403, lambda: number.update(voice_method="put"))
    refused(21206, lambda: client.calls.create(to=to, from_=sender, twiml="<Response/>", send_digits="1,2"))
    invite = client.conferences("tour").participants.create
    refused(20001, lambda: invite(to=to, from_=sender, max_participants=1))

    key = client.new_keys.create()
    standard = Client(key.sid, key.secret, rehearsal["account_sid"])
    standard.api.base_url = rehearsal["address"]
    assert standard.calls.list(limit=1)
    refused(20003, standard.keys.list)
    refused(20003, standard.api.account.fetch)

    for _ in range(3):
        client.calls.create(to=to, from_=sender, url="http://127.0.0.1:1/")
    until("there are alerts", lambda: len(client.monitor.alerts.list(page_size=1)) == 3)
    alert = client.monitor.alerts.list(log_level="error", limit=1)[0]
    assert client.monitor.alerts(alert.sid).fetch().error_code == alert.error_code


tour(json.loads(sys.argv[1]), sys.argv[2:])
rules(json.loads(sys.argv[1]), sys.argv[2])
print("the tour is done")
