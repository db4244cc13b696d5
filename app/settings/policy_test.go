package settings_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"callin/app/settings"
)

func under(policy map[string]any, file string, env map[string]string) (settings.Settings, error) {
	dir, err := os.MkdirTemp("", "callin")
	if err != nil {
		return settings.Settings{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "callin.toml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		return settings.Settings{}, err
	}
	return settings.Load(path, false, "", func(name string) string { return env[name] }, settings.Policy{Where: "The policy", Values: policy})
}

func TestAPolicyGoesBeforeTheEnvironmentAndTheFile(t *testing.T) {
	s, err := under(
		map[string]any{"show": "The policy's", "keep_days": int64(30), "screens": int64(1), "texts": false, "text_countries": []string{"GB"}, "cost_limit": "12.50", "door": ""},
		"show = \"The file's\"\nkeep_days = 1\nwait_seconds = 5\ndoor = \"127.0.0.1:8443\"", map[string]string{"CALLIN_SHOW": "The environment's", "CALLIN_KEEP_DAYS": "2", "CALLIN_PARK_SECONDS": "7"})
	if err != nil || s.Show != "The policy's" || s.KeepDays != 30 || !s.Screens || s.SendsTexts() || s.TextCountries[0] != "GB" || *s.CostLimit != 12.5 {
		t.Errorf("it is %+v, %v", s, err)
	}
	if s.WaitSeconds != 5 || s.ParkSeconds != 7 || s.Door.Address != "127.0.0.1:8443" {
		t.Errorf("what it does not set is %+v", s)
	}
	if said := strings.Join(s.Policy, " "); said != "cost_limit keep_days screens show text_countries texts" || len(s.PolicyIgnored) != 1 {
		t.Errorf("it has set %s, and not %q", said, s.PolicyIgnored)
	}
}

func TestWhatIsWrongInAPolicy(t *testing.T) {
	for name, value := range map[string]any{
		"auth_token": "x", "pin": "1234", "account_sid": "AC1", "Station": "https://a.example.org", "studios": []any{},
		"screens": int64(2), "keep_days": "30", "text_countries": "GB", "show": int64(1), "cost_limit": "much",
	} {
		s, err := under(map[string]any{name: value}, "", nil)
		if err != nil || len(s.Policy) != 0 || len(s.PolicyIgnored) != 1 || !strings.Contains(s.PolicyIgnored[0], name) {
			t.Errorf("%s: %v, passed over are %q", name, err, s.PolicyIgnored)
		}
	}
	for name, value := range map[string]any{"keep_days": int64(-1), "station": "ftp://a", "door": "nowhere"} {
		if _, err := under(map[string]any{name: value}, "", nil); err == nil || !strings.HasPrefix(err.Error(), "The policy: "+name+" must be") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// admx and adml are as much of Microsoft's schema as is held to the settings.
type admx struct {
	Policies []struct {
		Name         string     `xml:"name,attr"`
		Class        string     `xml:"class,attr"`
		DisplayName  string     `xml:"displayName,attr"`
		ExplainText  string     `xml:"explainText,attr"`
		Presentation string     `xml:"presentation,attr"`
		Key          string     `xml:"key,attr"`
		ValueName    string     `xml:"valueName,attr"`
		On           *xmlNumber `xml:"enabledValue>decimal"`
		Off          *xmlNumber `xml:"disabledValue>decimal"`
		Elements     struct {
			All []struct {
				XMLName   xml.Name
				ID        string `xml:"id,attr"`
				ValueName string `xml:"valueName,attr"`
			} `xml:",any"`
		} `xml:"elements"`
	} `xml:"policies>policy"`
	Categories []struct {
		DisplayName string `xml:"displayName,attr"`
	} `xml:"categories>category"`
	Supported []struct {
		DisplayName string `xml:"displayName,attr"`
	} `xml:"supportedOn>definitions>definition"`
}

type xmlNumber struct {
	Value int `xml:"value,attr"`
}

type adml struct {
	Strings []struct {
		ID   string `xml:"id,attr"`
		Text string `xml:",chardata"`
	} `xml:"resources>stringTable>string"`
	Presentations []struct {
		ID  string `xml:"id,attr"`
		All []struct {
			XMLName xml.Name
			RefID   string `xml:"refId,attr"`
		} `xml:",any"`
	} `xml:"resources>presentationTable>presentation"`
}

func parsed(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../build/windows/policy", file))
	if err == nil {
		err = xml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The template for group policies has each setting that a policy can have, as the
// registry's kind that is read, and no other; and there are words for all that is shown.
func TestTheTemplateForGroupPoliciesHasEverySetting(t *testing.T) {
	var of admx
	var words adml
	parsed(t, "callin.admx", &of)
	parsed(t, "en-US/callin.adml", &words)
	said := map[string]string{}
	for _, s := range words.Strings {
		said[s.ID] = strings.TrimSpace(s.Text)
	}
	says := func(reference string) {
		id := strings.TrimSuffix(strings.TrimPrefix(reference, "$(string."), ")")
		if said[id] == "" || "$(string."+id+")" != reference {
			t.Errorf("there are no words for %s", reference)
		}
		said[id] += " "
	}
	for _, c := range of.Categories {
		says(c.DisplayName)
	}
	for _, s := range of.Supported {
		says(s.DisplayName)
	}
	shown := map[string]string{}
	for _, p := range words.Presentations {
		for _, e := range p.All {
			shown["$(presentation."+p.ID+")"] += e.XMLName.Local + " " + e.RefID
		}
	}
	kinds := settings.PolicyKinds()
	for _, p := range of.Policies {
		says(p.DisplayName)
		says(p.ExplainText)
		name, kind := p.ValueName, "yes or no"
		if len(p.Elements.All) == 1 {
			e := p.Elements.All[0]
			name, kind = e.ValueName, e.XMLName.Local
			control := map[string]string{"text": "textBox", "decimal": "decimalTextBox", "multiText": "multiTextBox"}[kind]
			if shown[p.Presentation] != control+" "+e.ID {
				t.Errorf("%s: nothing to type it into: %q", p.Name, shown[p.Presentation])
			}
		} else if p.On == nil || p.On.Value != 1 || p.Off == nil || p.Off.Value != 0 {
			t.Errorf("%s: it is neither on nor off", p.Name)
		}
		if p.Class != "Machine" || p.Key != `Software\Policies\Callin` || p.Name != name {
			t.Errorf("%s is %s's, of %s, in %s", p.Name, p.Class, name, p.Key)
		}
		if kinds[name] != kind {
			t.Errorf("%s is %q in the template, and %q is read", name, kind, kinds[name])
		}
		delete(kinds, name)
	}
	if len(kinds) > 0 {
		t.Errorf("the template lacks %v", reflect.ValueOf(kinds).MapKeys())
	}
	for id, text := range said {
		if !strings.HasSuffix(text, " ") {
			t.Errorf("nothing shows the words %s", id)
		}
	}
}
