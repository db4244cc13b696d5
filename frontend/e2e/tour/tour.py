"""The tour by Debian's python3-twilio: make a queue, fill it, list, move, hold, record, close.

    tour.py REHEARSAL NUMBER NUMBER NUMBER

REHEARSAL is the line of JSON that `callin rehearsal` prints; the numbers are
telephones that answer.
"""

import json
import sys
import time

from twilio.base.exceptions import TwilioRestException
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


tour(json.loads(sys.argv[1]), sys.argv[2:])
print("the tour is done")
