package rest

import (
	"testing"

	"callin/app/rehearsal/exchange"
)

// With an account that is not active nothing can be done but to look at it.
func TestRulesOfASuspendedAccount(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Account", "GET .json", "", 200, "status=suspended type=Full friendly_name=Radio", ""},
		{"Twilio errors: 20005", "POST .json", "FriendlyName=Other", 403, "code=20005", ""},
		{"Twilio errors: 20005", "GET /Balance.json", "", 403, "code=20005", ""},
		{"Twilio errors: 20005", "GET /IncomingPhoneNumbers.json", "", 403, "code=20005", ""},
		{"Twilio errors: 20005", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550151", 403, "code=20005", ""},
		{"Twilio errors: 20005", "POST /Applications.json", "FriendlyName=x", 403, "code=20005", ""},
		{"Twilio errors: 20005", "GET /Keys.json", "", 403, "code=20005", ""},
		{"inferred", "GET /v1/CustomerProfiles", "", 403, "code=20005", ""},
	}, func(w *world) map[string]string {
		w.x.ChangeAccount(func(a *exchange.Account) { a.Name, a.Status = "Radio", "suspended" })
		return map[string]string{}
	})
}

// What a number costs, needs and leaves of the balance.
func TestRulesOfBuying(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Balance", "GET /Balance.json", "", 200, "balance=5 currency=USD", ""},
		{"Twilio docs: AvailablePhoneNumber (toll-free)", "GET /AvailablePhoneNumbers/US/TollFree.json", "", 200, "available_phone_numbers#10", ""},
		{"Twilio docs: AvailablePhoneNumber (mobile)", "GET /AvailablePhoneNumbers/GB/Mobile.json", "", 200, "available_phone_numbers#10", ""},
		{"inferred", "GET /AvailablePhoneNumbers/US/Mobile.json", "", 404, "code=20404", ""},
		{"Twilio docs: AvailablePhoneNumber (area codes are North America's)", "GET /AvailablePhoneNumbers/GB/Local.json?AreaCode=207", "", 200, "available_phone_numbers#0", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/GB/Local.json?Contains=79460155", "", 200, "available_phone_numbers#1", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/GB/Local.json?ExcludeAllAddressRequired=true", "", 200, "available_phone_numbers#0", ""},
		{"Twilio docs: AvailablePhoneNumber (somebody may be quicker)", "GET /AvailablePhoneNumbers/US/Local.json?Contains=%2B15125550188", "", 200, "available_phone_numbers#1", ""},
		{"Twilio errors: 21422", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B15125550188", 400, "code=21422", ""},
		{"Twilio errors: 21422", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B15125550199", 400, "code=21422", ""},
		{"Twilio errors: 21631", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B442079460150", 400, "code=21631", ""},
		{"Twilio errors: 21649", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B447700900150", 400, "code=21649", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B442079460150&AddressSid=AD00000000000000000000000000000001", 201, "address_sid=AD00000000000000000000000000000001 type=local", ""},
		{"inferred", "GET /Balance.json", "", 200, "balance=3.85 currency=USD", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B18005550150", 201, "type=tollfree", ""},
		{"Twilio docs: IncomingPhoneNumber", "GET /IncomingPhoneNumbers/TollFree.json", "", 200, "incoming_phone_numbers#1", ""},
		{"inferred", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B18005550151", 403, "code=20005", ""}, // 1.70 is left, it costs 2.15
		{"inferred", "GET /IncomingPhoneNumbers/TollFree.json", "", 200, "incoming_phone_numbers#1", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550151", 201, "type=local", ""},
	}, func(w *world) map[string]string {
		w.x.ChangeAccount(func(a *exchange.Account) { a.Balance = 5 })
		w.x.Sell(exchange.Sale{Number: "+15125550188", Taken: true})
		return map[string]string{}
	})
}

// A trial account has one number.
func TestRulesOfATrialAccountsNumber(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Account", "GET .json", "", 200, "type=Trial status=active", ""},
		{"Twilio docs: Trial account", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550151", 201, "phone_number=+14155550151", ""},
		{"Twilio errors: 21404", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550152", 400, "code=21404", ""},
	}, func(w *world) map[string]string {
		w.x.SetSwitches(exchange.Switches{Trial: true})
		for _, n := range w.x.Numbers("") {
			w.x.DeleteNumber(n.Sid)
		}
		return map[string]string{}
	})
}

// What the newer APIs of other hosts say.
func TestRulesOfTheNewerAPIs(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: CustomerProfile", "GET /v1/CustomerProfiles", "", 200, "results#2", ""},
		{"Twilio docs: CustomerProfile", "GET /v1/CustomerProfiles?Status=twilio-approved", "", 200, "results#1", ""},
		{"inferred", "GET /v1/CustomerProfiles?Status=fine", "", 400, "code=20001", ""},
		{"Twilio docs: CustomerProfile", "GET /v1/CustomerProfiles/{p}", "", 200, "friendly_name=Radio status=twilio-approved errors=null", ""},
		{"Twilio errors: 20404", "GET /v1/CustomerProfiles/BU0", "", 404, "code=20404", ""},
		{"Twilio errors: 20004", "POST /v1/CustomerProfiles", "FriendlyName=x", 405, "code=20004", ""}, // this stand-in makes none
		{"Twilio docs: Pricing, PhoneNumber", "GET /v1/PhoneNumbers/Countries", "", 200, "countries#4", ""},
		{"Twilio docs: Pricing, PhoneNumber", "GET /v1/PhoneNumbers/Countries/US", "", 200, "iso_country=US price_unit=USD phone_number_prices#2", ""},
		{"Twilio errors: 20404", "GET /v1/PhoneNumbers/Countries/XX", "", 404, "code=20404", ""},
		{"Twilio docs: Pricing, Voice (v2)", "GET /v2/Voice/Countries/DE", "", 200, "country=Germany inbound_call_prices#1 outbound_prefix_prices#2", ""},
		{"Twilio errors: 20404", "GET /v2/Voice/Countries/XX", "", 404, "code=20404", ""},
		{"Twilio docs: Voice dialing permissions", "GET /v1/DialingPermissions/Countries", "", 200, "content#4", ""},
		{"Twilio docs: Voice dialing permissions", "GET /v1/DialingPermissions/Countries?LowRiskNumbersEnabled=false", "", 200, "content#1", ""},
		{"Twilio docs: Voice dialing permissions", "GET /v1/DialingPermissions/Countries/GB", "", 200, "iso_code=GB low_risk_numbers_enabled=false", ""},
		{"Twilio docs: Voice dialing permissions", "GET /v1/DialingPermissions/Countries/DE", "", 200, "low_risk_numbers_enabled=true", ""},
		{"Twilio errors: 21215", "POST /Calls.json", "From=%2B12025550100&To=%2B442079460199&Url=http://x.example/", 400, "code=21215", ""},
		{"Twilio errors: 20404", "GET /v1/NoSuchThing", "", 404, "code=20404", ""},
	}, func(w *world) map[string]string {
		w.x.AddProfile("Draft", "draft")
		w.x.Permit("GB", false)
		return map[string]string{"p": w.x.AddProfile("Radio", "twilio-approved").Sid}
	})
}
