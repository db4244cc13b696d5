package rest

import (
	"net/http"
	"strings"

	"callin/app/rehearsal/exchange"
)

func queues(handle func(string, handler)) {
	handle("GET /Queues.json", func(r *request) (reply, error) {
		return list(r, "queues", r.x.Queues(), showQueue(r))
	})
	handle("POST /Queues.json", func(r *request) (reply, error) {
		size, err := r.number("MaxSize")
		if err != nil {
			return reply{}, err
		}
		q, err := r.x.CreateQueue(r.Form.Get("FriendlyName"), size)
		return reply{http.StatusCreated, showQueue(r)(q)}, err
	})
	handle("GET /Queues/{sid}", func(r *request) (reply, error) {
		q, err := r.x.Queue(r.sid("sid"))
		return reply{http.StatusOK, showQueue(r)(q)}, err
	})
	handle("POST /Queues/{sid}", func(r *request) (reply, error) {
		size, err := r.number("MaxSize")
		if err != nil {
			return reply{}, err
		}
		q, err := r.x.UpdateQueue(r.sid("sid"), r.Form.Get("FriendlyName"), size)
		return reply{http.StatusOK, showQueue(r)(q)}, err
	})
	handle("DELETE /Queues/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, r.x.DeleteQueue(r.sid("sid"))
	})
	handle("GET /Queues/{sid}/Members.json", func(r *request) (reply, error) {
		members, err := r.x.Members(r.sid("sid"))
		if err != nil {
			return reply{}, err
		}
		return list(r, "queue_members", members, showMember(r))
	})
	handle("GET /Queues/{sid}/Members/{call}", func(r *request) (reply, error) {
		m, err := r.x.Member(r.sid("sid"), r.sid("call"))
		return reply{http.StatusOK, showMember(r)(m)}, err
	})
	handle("POST /Queues/{sid}/Members/{call}", func(r *request) (reply, error) {
		m, err := r.x.Dequeue(r.sid("sid"), r.sid("call"), r.Form.Get("Url"), strings.ToUpper(r.Form.Get("Method")))
		return reply{http.StatusOK, showMember(r)(m)}, err
	})
}

func showQueue(r *request) func(exchange.QueueInfo) object {
	return func(q exchange.QueueInfo) object {
		return object{
			"sid": q.Sid, "friendly_name": q.Name, "current_size": q.Size, "max_size": q.MaxSize,
			"average_wait_time": q.AverageWait, "account_sid": r.account, "uri": r.uri("Queues", q.Sid),
			"date_created": date(q.Created), "date_updated": date(q.Updated),
			"subresource_uris": subresources(r, []string{"Members"}, "Queues", q.Sid),
		}
	}
}

func showMember(r *request) func(exchange.MemberInfo) object {
	return func(m exchange.MemberInfo) object {
		return object{
			"call_sid": m.CallSid, "queue_sid": m.QueueSid, "date_enqueued": date(m.Enqueued),
			"position": m.Position, "wait_time": m.Wait, "uri": r.uri("Queues", m.QueueSid, "Members", m.CallSid),
		}
	}
}
