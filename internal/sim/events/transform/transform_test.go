package transform

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const event = `{"version":"0","id":"7bf7","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2",
	"account":"123456789012","time":"2015-11-11T21:29:54Z","region":"us-east-1","resources":["arn:1","arn:2"],
	"detail":{"instance-id":"i-0123456789","state":"RUNNING","n":1.50,"containers":[{"name":"a","exit":1},{"name":"b"}],"s":"say \"hi\""}}`

func about() About {
	return About{RuleARN: "arn:aws:events:us-east-2:123456789012:rule/example", RuleName: "example", Ingested: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)}
}

func paths() map[string]string {
	return map[string]string{
		"instance": "$.detail.instance-id", "state": "$.detail.state", "none": "$.detail.none", "first": "$.resources[0]",
		"n": "$.detail.n", "detail": "$.detail.containers", "quote": "$.detail.s",
	}
}

// The examples of the EventBridge user guide, "Amazon EventBridge input transformation".
func TestTemplatesAreFilledAsTheUserGuideShows(t *testing.T) {
	tests := map[string]struct{ template, want string }{
		"simple string":            {`"instance <instance> is in <state>"`, `"instance i-0123456789 is in RUNNING"`},
		"string with quotes":       {`"instance \"<instance>\" is in <state>"`, `"instance \"i-0123456789\" is in RUNNING"`},
		"JSON":                     {"{\n \"instance\" : <instance>,\n \"state\": <state>\n}", `{"instance":"i-0123456789","state":"RUNNING"}`},
		"JSON with strings":        {`{"instance":<instance>,"state":"<state>","s":"instance \"<instance>\" is in <state>"}`, `{"instance":"i-0123456789","state":"RUNNING","s":"instance \"i-0123456789\" is in RUNNING"}`},
		"JSON with more":           {`{"state":[9,<state>,true]}`, `{"state":[9,"RUNNING",true]}`},
		"reserved":                 {`{"a":<aws.events.rule-arn>,"n":<aws.events.rule-name>,"t":<aws.events.event.ingestion-time>}`, `{"a":"arn:aws:events:us-east-2:123456789012:rule/example","n":"example","t":"2026-01-02T03:04:05Z"}`},
		"reserved in a string":     {`"<aws.events.rule-name> triggered"`, `"example triggered"`},
		"missing in a string":      {`"none: <none>."`, `"none: ."`},
		"element":                  {`"<first>"`, `"arn:1"`},
		"number":                   {`{"n":<n>}`, `{"n":1.50}`},
		"object":                   {`{"c":<detail>}`, `{"c":[{"exit":1,"name":"a"},{"name":"b"}]}`},
		"object in a string":       {`"<detail>"`, `"[{exit:1,name:a},{name:b}]"`},
		"values are not escaped":   {`"<quote>"`, `"say "hi""`},
		"several lines":            {"\"a <state>\"\n\"b <instance>\"", "\"a RUNNING\"\n\"b i-0123456789\""},
		"the event without detail": {`{"e":<aws.events.event>}`, `{"e":{"account":"123456789012","detail-type":"EC2 Instance State-change Notification","id":"7bf7","region":"us-east-1","resources":["arn:1","arn:2"],"source":"aws.ec2","time":"2015-11-11T21:29:54Z","version":"0"}}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := Settings{Paths: paths(), Template: tt.template}
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			if got := s.Apply([]byte(event), about()); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTargetsCanGetAConstantOrAPart(t *testing.T) {
	tests := map[string]struct {
		settings Settings
		want     string
	}{
		"constant": {Settings{Input: `{"a":1}`}, `{"a":1}`},
		"part":     {Settings{Path: "$.resources"}, `["arn:1","arn:2"]`},
		"all":      {Settings{Path: "$.detail.containers[*].name"}, `["a","b"]`},
		"bracket":  {Settings{Path: "$['detail-type']"}, `"EC2 Instance State-change Notification"`},
		"nothing":  {Settings{Path: "$.detail.none.more"}, "null"},
		"beyond":   {Settings{Path: "$.resources[7]"}, "null"},
		"whole":    {Settings{}, event},
		"fields":   {Settings{Path: "$.detail.containers[0].*"}, `[1,"a"]`},
		"no list":  {Settings{Path: "$.detail.state.*"}, "null"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.settings.Check(); err != nil {
				t.Fatal(err)
			}
			if got := tt.settings.Apply([]byte(event), about()); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestSettingsThatAreWrongAreRefused(t *testing.T) {
	tests := map[string]struct {
		settings Settings
		want     string
	}{
		"two":             {Settings{Input: "1", Path: "$"}, "Only one of Input, InputPath, or InputTransformer must be provided."},
		"no JSON":         {Settings{Input: "{"}, "JSON syntax error"},
		"path":            {Settings{Path: "detail"}, "Invalid JSON path: detail"},
		"empty name":      {Settings{Path: "$..a"}, "Invalid JSON path"},
		"open bracket":    {Settings{Path: "$[1"}, "Invalid JSON path"},
		"filter":          {Settings{Path: "$.a[?(@.b)]"}, "Invalid JSON path"},
		"long input":      {Settings{Input: `"` + strings.Repeat("x", 8192) + `"`}, "less than or equal to 8192"},
		"long path":       {Settings{Path: "$." + strings.Repeat("x", 256)}, "less than or equal to 256"},
		"long template":   {Settings{Template: strings.Repeat("x", 8193)}, "less than or equal to 8192"},
		"unknown":         {Settings{Template: `"<who>"`}, "contains placeholder <who>"},
		"reserved":        {Settings{Template: `"x"`, Paths: map[string]string{"aws.events.rule-arn": "$"}}, "InputPathsMap key aws.events.rule-arn is invalid."},
		"path of a name":  {Settings{Template: `"x"`, Paths: map[string]string{"a": "x"}}, "Invalid JSON path: x"},
		"101 of them":     {Settings{Template: `"x"`, Paths: many(101)}, "less than or equal to 100"},
		"long mapped one": {Settings{Template: `"x"`, Paths: map[string]string{"a": "$." + strings.Repeat("x", 256)}}, "less than or equal to 256"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.settings.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if err := (Settings{Template: `"x"`, Paths: many(100)}).Check(); err != nil {
		t.Error(err)
	}
}

func many(n int) map[string]string {
	out := map[string]string{}
	for i := range n {
		out[strings.Repeat("x", i+1)] = "$"
	}
	return out
}

func TestValuesWithoutQuotesKeepTemplatesValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-z <>{}:,]*`).Draw(t, "value")
		b, err := json.Marshal(map[string]any{"detail": map[string]any{"v": value}})
		if err != nil {
			t.Fatal(err)
		}
		s := Settings{Paths: map[string]string{"v": "$.detail.v"}, Template: `{"bare": <v>, "in": "it is <v>."}`}
		var got struct{ Bare, In string }
		if err := json.Unmarshal([]byte(s.Apply(b, About{})), &got); err != nil || got.Bare != value || got.In != "it is "+value+"." {
			t.Fatalf("%q became %+v, %v", value, got, err)
		}
	})
}

func FuzzNoPathPanics(f *testing.F) {
	f.Add("$.a[0].*", `{"a":[{"b":1}]}`)
	f.Add("$['", `{}`)
	f.Fuzz(func(t *testing.T, p, event string) {
		s := Settings{Path: p}
		if s.Check() == nil && !json.Valid([]byte(event)) {
			return
		}
		if s.Check() == nil && p != "" && !json.Valid([]byte(s.Apply([]byte(event), About{}))) {
			t.Errorf("%s of %s is no JSON", p, event)
		}
	})
}
