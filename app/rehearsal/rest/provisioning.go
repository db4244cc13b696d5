package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func applications(handle func(string, handler)) {
	handle("GET /Applications.json", func(r *request) (reply, error) {
		return list(r, "applications", r.x.Applications(r.Form.Get("FriendlyName")), showApplication(r))
	})
	handle("POST /Applications.json", func(r *request) (reply, error) {
		if err := checkRoute(r); err != nil {
			return reply{}, err
		}
		a := r.x.AddApplication(func(a *exchange.Application) { fillApplication(r, a) })
		return reply{http.StatusCreated, showApplication(r)(a)}, nil
	})
	fetch := func(r *request) (reply, error) {
		if err := checkRoute(r); err != nil {
			return reply{}, err
		}
		a, ok := r.x.ChangeApplication(r.sid("sid"), func(a *exchange.Application) {
			if r.Method == http.MethodPost {
				fillApplication(r, a)
			}
		})
		return reply{http.StatusOK, showApplication(r)(a)}, found(r, ok)
	}
	handle("GET /Applications/{sid}", fetch)
	handle("POST /Applications/{sid}", fetch)
	handle("DELETE /Applications/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteApplication(r.sid("sid")))
	})
}

func numbers(handle func(string, handler)) {
	handle("GET /IncomingPhoneNumbers.json", func(r *request) (reply, error) {
		return list(r, "incoming_phone_numbers", r.x.Numbers(r.Form.Get("PhoneNumber")), showNumber(r))
	})
	fetch := func(r *request) (reply, error) {
		if err := checkRoute(r); err != nil {
			return reply{}, err
		}
		n, ok := r.x.ChangeNumber(r.sid("sid"), func(n *exchange.Number) {
			if r.Method != http.MethodPost {
				return
			}
			r.set(&n.FriendlyName, "FriendlyName")
			r.set(&n.VoiceApplicationSid, "VoiceApplicationSid")
			r.set(&n.SmsApplicationSid, "SmsApplicationSid")
			r.setBool(&n.CallerIDLookup, "VoiceCallerIdLookup")
			fillRoute(r, &n.Route)
		})
		return reply{http.StatusOK, showNumber(r)(n)}, found(r, ok)
	}
	handle("GET /IncomingPhoneNumbers/{sid}", fetch)
	handle("POST /IncomingPhoneNumbers/{sid}", fetch)
}

func keys(handle func(string, handler)) {
	handle("GET /Keys.json", func(r *request) (reply, error) {
		return list(r, "keys", r.x.Keys(), showKey)
	})
	handle("POST /Keys.json", func(r *request) (reply, error) {
		k := r.x.AddKey(r.Form.Get("FriendlyName"))
		o := showKey(k)
		o["secret"] = k.Secret // here and never again
		return reply{http.StatusCreated, o}, nil
	})
	handle("GET /Keys/{sid}", func(r *request) (reply, error) {
		for _, k := range r.x.Keys() {
			if k.Sid == r.sid("sid") {
				return reply{http.StatusOK, showKey(k)}, nil
			}
		}
		return reply{}, found(r, false)
	})
	handle("POST /Keys/{sid}", func(r *request) (reply, error) {
		k, ok := r.x.ChangeKey(r.sid("sid"), r.Form.Get("FriendlyName"))
		return reply{http.StatusOK, showKey(k)}, found(r, ok)
	})
	handle("DELETE /Keys/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteKey(r.sid("sid")))
	})
}

func found(r *request, ok bool) error {
	if ok {
		return nil
	}
	return exchange.NotFound(r.URL.Path)
}

func checkRoute(r *request) error {
	for _, name := range []string{"VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl", "SmsFallbackUrl"} {
		if err := exchange.CheckURL(r.Form.Get(name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"VoiceMethod", "VoiceFallbackMethod", "StatusCallbackMethod", "SmsMethod", "SmsFallbackMethod"} {
		if err := exchange.CheckMethod(r.Form.Get(name)); err != nil {
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
			"sid": a.Sid, "account_sid": r.account, "api_version": "2010-04-01", "friendly_name": a.FriendlyName,
			"date_created": date(a.Created), "date_updated": date(a.Updated), "uri": r.uri("Applications", a.Sid),
			"message_status_callback": orNull(a.MessageStatusCallback), "sms_status_callback": orNull(a.SmsStatusCallback),
			"voice_caller_id_lookup": a.CallerIDLookup, "public_application_connect_enabled": a.PublicConnect,
		})
	}
}

func showNumber(r *request) func(exchange.Number) object {
	return func(n exchange.Number) object {
		return showRoute(n.Route, object{
			"sid": n.Sid, "account_sid": r.account, "phone_number": n.PhoneNumber, "friendly_name": n.FriendlyName,
			"api_version": "2010-04-01", "date_created": date(n.Created), "date_updated": date(n.Updated),
			"uri": r.uri("IncomingPhoneNumbers", n.Sid), "voice_application_sid": orNull(n.VoiceApplicationSid),
			"sms_application_sid": orNull(n.SmsApplicationSid), "voice_caller_id_lookup": n.CallerIDLookup,
			"capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": false},
			"address_sid":  nil, "address_requirements": "none", "beta": false, "identity_sid": nil, "bundle_sid": nil,
			"origin": "twilio", "trunk_sid": nil, "voice_receive_mode": "voice", "status": "in-use", "type": nil,
			"emergency_status": "Inactive", "emergency_address_sid": nil, "emergency_address_status": "unregistered",
			"subresource_uris": subresources(r, []string{"AssignedAddOns"}, "IncomingPhoneNumbers", n.Sid),
		})
	}
}

func showKey(k exchange.Key) object {
	return object{"sid": k.Sid, "friendly_name": k.FriendlyName, "date_created": date(k.Created), "date_updated": date(k.Updated)}
}
