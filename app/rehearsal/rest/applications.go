package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func applications(s *server) {
	s.handle("GET /Applications", func(r *request) (reply, error) {
		return list(r, "applications", r.x.Applications(r.Form.Get("FriendlyName")), oldestFirst("AP"),
			func(a exchange.Application) string { return a.Sid }, showApplication(r))
	})
	s.handle("POST /Applications", func(r *request) (reply, error) {
		if err := checkRoute(r); err != nil {
			return reply{}, err
		}
		a := r.x.AddApplication(func(a *exchange.Application) { fillApplication(r, a) })
		return reply{http.StatusCreated, showApplication(r)(a)}, nil
	})
	s.handle("GET /Applications/{sid}", func(r *request) (reply, error) {
		a, ok := r.x.ChangeApplication(r.PathValue("sid"), nil)
		return reply{http.StatusOK, showApplication(r)(a)}, found(r, ok)
	})
	s.handle("POST /Applications/{sid}", func(r *request) (reply, error) {
		if err := checkRoute(r); err != nil {
			return reply{}, err
		}
		a, ok := r.x.ChangeApplication(r.PathValue("sid"), func(a *exchange.Application) { fillApplication(r, a) })
		return reply{http.StatusOK, showApplication(r)(a)}, found(r, ok)
	})
	s.handle("DELETE /Applications/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteApplication(r.PathValue("sid")))
	})
}

func found(r *request, ok bool) error {
	if ok {
		return nil
	}
	return r.notFound()
}

func checkRoute(r *request) error {
	for _, name := range []string{"VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl", "SmsFallbackUrl", "SmsStatusCallback", "MessageStatusCallback"} {
		if err := exchange.CheckURL(r.Form.Get(name)); err != nil {
			return err
		}
	}
	return nil
}

func fillRoute(r *request, to *exchange.Route) {
	r.set(&to.VoiceURL, "VoiceUrl")
	r.set(&to.VoiceMethod, "VoiceMethod")
	r.set(&to.FallbackURL, "VoiceFallbackUrl")
	r.set(&to.FallbackMethod, "VoiceFallbackMethod")
	r.set(&to.StatusCallback, "StatusCallback")
	r.set(&to.CallbackMethod, "StatusCallbackMethod")
	r.set(&to.SmsURL, "SmsUrl")
	r.set(&to.SmsMethod, "SmsMethod")
	r.set(&to.SmsFallbackURL, "SmsFallbackUrl")
	r.set(&to.SmsFallbackMethod, "SmsFallbackMethod")
}

func fillApplication(r *request, a *exchange.Application) {
	r.set(&a.FriendlyName, "FriendlyName")
	r.set(&a.SmsStatusCallback, "SmsStatusCallback")
	r.set(&a.MessageStatusCallback, "MessageStatusCallback")
	r.setBool(&a.CallerIDLookup, "VoiceCallerIdLookup")
	r.setBool(&a.PublicConnect, "PublicApplicationConnectEnabled")
	fillRoute(r, &a.Route)
}

func showRoute(to exchange.Route, o object) object {
	o["voice_url"], o["voice_method"] = orNull(to.VoiceURL), to.VoiceMethod
	o["voice_fallback_url"], o["voice_fallback_method"] = orNull(to.FallbackURL), to.FallbackMethod
	o["status_callback"], o["status_callback_method"] = orNull(to.StatusCallback), to.CallbackMethod
	o["sms_url"], o["sms_method"] = orNull(to.SmsURL), to.SmsMethod
	o["sms_fallback_url"], o["sms_fallback_method"] = orNull(to.SmsFallbackURL), to.SmsFallbackMethod
	return o
}

func showApplication(r *request) func(exchange.Application) object {
	return func(a exchange.Application) object {
		return showRoute(a.Route, object{
			"sid": a.Sid, "account_sid": r.account, "api_version": version, "friendly_name": a.FriendlyName,
			"date_created": r.date(a.Created), "date_updated": r.date(a.Updated), "uri": r.uri("Applications", a.Sid),
			"message_status_callback": orNull(a.MessageStatusCallback), "sms_status_callback": orNull(a.SmsStatusCallback),
			"voice_caller_id_lookup": a.CallerIDLookup, "public_application_connect_enabled": a.PublicConnect,
		})
	}
}
