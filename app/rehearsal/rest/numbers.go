package rest

import (
	"net/http"
	"strings"

	"callin/app/rehearsal/exchange"
)

func numbers(s *server) {
	for name, kind := range map[string]string{"": "", "/Local": exchange.Local, "/Mobile": exchange.Mobile, "/TollFree": exchange.TollFree} {
		s.handle("GET /IncomingPhoneNumbers"+name, func(r *request) (reply, error) { return listNumbers(r, kind) })
		s.handle("POST /IncomingPhoneNumbers"+name, func(r *request) (reply, error) { return createNumber(r, kind) })
	}
	s.handle("GET /IncomingPhoneNumbers/{sid}", func(r *request) (reply, error) {
		n, ok := r.x.ChangeNumber(r.PathValue("sid"), nil)
		return reply{http.StatusOK, showNumber(r)(n)}, found(r, ok)
	})
	s.handle("POST /IncomingPhoneNumbers/{sid}", func(r *request) (reply, error) {
		if err := checkNumber(r); err != nil {
			return reply{}, err
		}
		n, ok := r.x.ChangeNumber(r.PathValue("sid"), func(n *exchange.Number) { fillNumber(r, n) })
		return reply{http.StatusOK, showNumber(r)(n)}, found(r, ok)
	})
	s.handle("DELETE /IncomingPhoneNumbers/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteNumber(r.PathValue("sid")))
	})
	s.none("/IncomingPhoneNumbers/{sid}", map[string]string{"AssignedAddOns": "assigned_add_ons"}, func(r *request) error {
		_, ok := r.x.ChangeNumber(r.PathValue("sid"), nil)
		return found(r, ok)
	})
}

func listNumbers(r *request, kind string) (reply, error) {
	pattern := r.Form.Get("PhoneNumber")
	all := []exchange.Number{}
	for _, n := range r.x.Numbers("") {
		_, of := exchange.KindOf(n)
		// No number here is beta or hosted.
		if (kind == "" || kind == of) && matches(pattern, n.PhoneNumber) && r.is("FriendlyName", n.FriendlyName) && r.is("Beta", "false") && r.is("Origin", "twilio") {
			all = append(all, n)
		}
	}
	return list(r, "incoming_phone_numbers", all, oldestFirst("PN"), func(n exchange.Number) string { return n.Sid }, showNumber(r))
}

func createNumber(r *request, kind string) (reply, error) {
	if err := checkNumber(r); err != nil {
		return reply{}, err
	}
	number, err := toBuy(r, kind)
	if err != nil {
		return reply{}, err
	}
	n, err := r.x.Buy(number, func(n *exchange.Number) {
		n.FriendlyName = formatted(number)
		fillNumber(r, n)
	})
	return reply{http.StatusCreated, showNumber(r)(n)}, err
}

// checkNumber refuses what a number cannot do.
func checkNumber(r *request) error {
	if err := r.oneOf("VoiceReceiveMode", "voice", "fax"); err != nil { // Twilio OpenAPI: IncomingPhoneNumber
		return err
	}
	return checkRoute(r)
}

func fillNumber(r *request, n *exchange.Number) {
	r.set(&n.FriendlyName, "FriendlyName")
	n.Lead(r.sent("VoiceApplicationSid"), r.sent("TrunkSid"))
	r.set(&n.ReceiveMode, "VoiceReceiveMode")
	r.set(&n.SmsApplicationSid, "SmsApplicationSid")
	r.set(&n.AddressSid, "AddressSid")
	r.set(&n.BundleSid, "BundleSid")
	r.setBool(&n.CallerIDLookup, "VoiceCallerIdLookup")
	fillRoute(r, &n.Route)
}

func showNumber(r *request) func(exchange.Number) object {
	return func(n exchange.Number) object {
		_, kind := exchange.KindOf(n)
		return showRoute(n.Route, object{
			"sid": n.Sid, "account_sid": r.account, "phone_number": n.PhoneNumber, "friendly_name": n.FriendlyName,
			"api_version": version, "date_created": r.date(n.Created), "date_updated": r.date(n.Updated),
			"uri": r.uri("IncomingPhoneNumbers", n.Sid), "voice_application_sid": orNull(n.VoiceApplicationSid),
			"sms_application_sid": orNull(n.SmsApplicationSid), "voice_caller_id_lookup": n.CallerIDLookup,
			"capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": false},
			"address_sid":  orNull(n.AddressSid), "address_requirements": "none", "beta": false, "identity_sid": nil, "bundle_sid": orNull(n.BundleSid),
			"origin": "twilio", "trunk_sid": orNull(n.TrunkSid), "voice_receive_mode": n.ReceiveMode, "status": "in-use", "type": strings.ReplaceAll(kind, " ", ""),
			"emergency_status": "Inactive", "emergency_address_sid": nil, "emergency_address_status": "unregistered",
			"subresource_uris": subresources(r, []string{"AssignedAddOns"}, "IncomingPhoneNumbers", n.Sid),
		})
	}
}
