package settings

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Policy is what an administrator has set for a computer, by the names of settings: in
// the registry of Windows, or in a file. It goes before the environment and the file.
type Policy struct {
	// Where is where it stands, for a person.
	Where string
	// Values are texts, whole numbers, amounts, yes or no, and lists of texts.
	Values map[string]any
}

// policies are the settings that a policy can have: none that is a secret, as everybody
// who uses the computer can read it, and none of one account.
func (s *Settings) policies() map[string]any {
	return map[string]any{
		"station":             &s.Station,
		"updates":             &s.Updates,
		"name":                &s.Name,
		"show":                &s.Show,
		"screens":             &s.Screens,
		"producers_air":       &s.ProducersAir,
		"park_seconds":        &s.ParkSeconds,
		"wait_seconds":        &s.WaitSeconds,
		"keep_days":           &s.KeepDays,
		"texts":               &s.Texts,
		"sorry_after_seconds": &s.SorryAfterSeconds,
		"text_countries":      &s.TextCountries,
		"calls_per_number":    &s.CallsPerNumber,
		"cost_limit":          &s.CostLimit,
		"metrics_port":        &s.MetricsPort,
		"door":                &s.Door.Address,
		"door_hosts":          &s.Hosts,
	}
}

// apply lays a policy over the settings. What it has that is no setting, or not of a
// setting's kind, is passed over and told: one wrong name must not keep twelve desks shut.
func (s *Settings) apply(p Policy) {
	fields := s.policies()
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		field, known := fields[name]
		switch {
		case !known:
			s.PolicyIgnored = append(s.PolicyIgnored, fmt.Sprintf("%s: no policy can have a setting %q. Correct or remove it.", p.Where, name))
		case !put(field, p.Values[name]):
			s.PolicyIgnored = append(s.PolicyIgnored, fmt.Sprintf("%s: %s is not what this setting takes, so it is passed over.", p.Where, name))
		default:
			s.Policy = append(s.Policy, name)
		}
	}
}

// blame says that a policy is wrong where a setting is that it has.
func (s *Settings) blame(p Policy, err error) error {
	wrong, ok := err.(*Error)
	if !ok {
		return err
	}
	name, _, _ := strings.Cut(wrong.Message, " ")
	if slices.Contains(s.Policy, name) {
		return &Error{p.Where, wrong.Message}
	}
	return err
}

// put sets a setting; false where the value is not of its kind. The registry has numbers
// for yes and no, and texts for amounts.
func put(field, value any) bool {
	switch field := field.(type) {
	case *string:
		text, ok := value.(string)
		if ok = ok && strings.TrimSpace(text) != ""; ok {
			*field = text
		}
		return ok
	case *[]string:
		list, ok := texts(value)
		if ok = ok && len(list) > 0; ok {
			*field = list
		}
		return ok
	case *int:
		n, ok := value.(int64)
		if ok = ok && n >= math.MinInt32 && n <= math.MaxInt32; ok {
			*field = int(n)
		}
		return ok
	case *bool:
		yes, ok := yesOrNo(value)
		if ok {
			*field = yes
		}
		return ok
	case **bool:
		yes, ok := yesOrNo(value)
		if ok {
			*field = &yes
		}
		return ok
	case **float64:
		n, ok := amount(value)
		if ok {
			*field = &n
		}
		return ok
	}
	return false
}

func yesOrNo(value any) (yes, ok bool) {
	switch value := value.(type) {
	case bool:
		return value, true
	case int64:
		return value == 1, value == 0 || value == 1
	}
	return false, false
}

func amount(value any) (n float64, ok bool) {
	switch value := value.(type) {
	case float64:
		return value, true
	case int64:
		return float64(value), true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return n, err == nil
	}
	return 0, false
}

func texts(value any) (list []string, ok bool) {
	switch value := value.(type) {
	case []string:
		return value, true
	case []any: // TOML's
		for _, one := range value {
			text, ok := one.(string)
			if !ok {
				return nil, false
			}
			list = append(list, text)
		}
		return list, true
	}
	return nil, false
}
