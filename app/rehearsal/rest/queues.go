package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func queues(s *server) {
	s.handle("GET /Queues", func(r *request) (reply, error) {
		return list(r, "queues", r.x.Queues(), oldestFirst("QU"), func(q exchange.QueueInfo) string { return q.Sid }, showQueue(r))
	})
	s.handle("POST /Queues", func(r *request) (reply, error) {
		size, err := r.number("MaxSize")
		if err != nil {
			return reply{}, err
		}
		q, err := r.x.CreateQueue(r.Form.Get("FriendlyName"), size)
		return reply{http.StatusCreated, showQueue(r)(q)}, err
	})
	s.handle("GET /Queues/{sid}", func(r *request) (reply, error) {
		q, err := r.x.Queue(r.PathValue("sid"))
		return reply{http.StatusOK, showQueue(r)(q)}, err
	})
	s.handle("POST /Queues/{sid}", func(r *request) (reply, error) {
		size, err := r.number("MaxSize")
		if err != nil {
			return reply{}, err
		}
		q, err := r.x.UpdateQueue(r.PathValue("sid"), r.Form.Get("FriendlyName"), size)
		return reply{http.StatusOK, showQueue(r)(q)}, err
	})
	s.handle("DELETE /Queues/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, r.x.DeleteQueue(r.PathValue("sid"))
	})
	s.handle("GET /Queues/{sid}/Members", func(r *request) (reply, error) {
		members, err := r.x.Members(r.PathValue("sid"))
		if err != nil {
			return reply{}, err
		}
		return list(r, "queue_members", members, oldestFirst("QM"), func(m exchange.MemberInfo) string { return m.Place }, showMember(r))
	})
	s.handle("GET /Queues/{sid}/Members/{call}", func(r *request) (reply, error) {
		m, err := r.x.Member(r.PathValue("sid"), r.PathValue("call"))
		return reply{http.StatusOK, showMember(r)(m)}, err
	})
	s.handle("POST /Queues/{sid}/Members/{call}", func(r *request) (reply, error) {
		m, err := r.x.Dequeue(r.PathValue("sid"), r.PathValue("call"), r.Form.Get("Url"), r.Form.Get("Method"))
		return reply{http.StatusOK, showMember(r)(m)}, err
	})
}

func showQueue(r *request) func(exchange.QueueInfo) object {
	return func(q exchange.QueueInfo) object {
		return object{
			"sid": q.Sid, "friendly_name": q.Name, "current_size": q.Size, "max_size": q.MaxSize,
			"average_wait_time": q.AverageWait, "account_sid": r.account, "uri": r.uri("Queues", q.Sid),
			"date_created": r.date(q.Created), "date_updated": r.date(q.Updated),
			"subresource_uris": subresources(r, []string{"Members"}, "Queues", q.Sid),
		}
	}
}

func showMember(r *request) func(exchange.MemberInfo) object {
	return func(m exchange.MemberInfo) object {
		return object{
			"call_sid": m.CallSid, "queue_sid": m.QueueSid, "date_enqueued": r.date(m.Enqueued),
			"position": m.Position, "wait_time": m.Wait, "uri": r.uri("Queues", m.QueueSid, "Members", m.CallSid),
		}
	}
}
