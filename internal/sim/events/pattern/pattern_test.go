package pattern

import (
	"encoding/json"
	"strings"
	"testing"
)

// state is the event of AWS's own examples (EventBridge user guide, "Event patterns").
const state = `{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"EC2 Instance State-change Notification",
	"source":"aws.ec2","account":"111122223333","time":"2017-12-22T18:43:48Z","region":"us-west-1",
	"resources":["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
	"detail":{"instance-id":"i-1234567890abcdef0","state":"terminated"}}`

func TestPatternsOfTheUserGuideMatchAsItSays(t *testing.T) {
	tests := map[string]struct {
		pattern, event string
		want           bool
	}{
		"one of the states":            {`{"source":["aws.ec2"],"detail-type":["EC2 Instance State-change Notification"],"detail":{"state":["terminated","running"]}}`, state, true},
		"another state":                {`{"source":["aws.ec2"],"detail":{"state":["running"]}}`, state, false},
		"field that is not there":      {`{"detail":{"nothing":["x"]}}`, state, false},
		"null":                         {`{"detail":{"responseElements":[null]}}`, `{"detail":{"responseElements":null}}`, true},
		"null is not empty":            {`{"detail":{"a":[null]}}`, `{"detail":{"a":""}}`, false},
		"null is not absence":          {`{"detail":{"a":[null]}}`, `{"detail":{}}`, false},
		"empty":                        {`{"a":[""]}`, `{"a":""}`, true},
		"true":                         {`{"a":[true]}`, `{"a":true}`, true},
		"true is no text":              {`{"a":["true"]}`, `{"a":true}`, false},
		"numbers are compared as text": {`{"a":[300]}`, `{"a":300.0}`, false},
		"number":                       {`{"a":[300]}`, `{"a":300}`, true},
		"number is no text":            {`{"a":["300"]}`, `{"a":300}`, false},
		"prefix":                       {`{"time":[{"prefix":"2017-12"}]}`, state, true},
		"other prefix":                 {`{"time":[{"prefix":"2018"}]}`, state, false},
		"prefix of any case":           {`{"service":[{"prefix":{"equals-ignore-case":"eventb"}}]}`, `{"service":"EventBridge"}`, true},
		"suffix":                       {`{"f":[{"suffix":".png"}]}`, `{"f":"a.png"}`, true},
		"suffix of any case":           {`{"f":[{"suffix":{"equals-ignore-case":".PNG"}}]}`, `{"f":"a.png"}`, true},
		"suffix longer than text":      {`{"f":[{"suffix":{"equals-ignore-case":"long.PNG"}}]}`, `{"f":".png"}`, false},
		"equal but for case":           {`{"n":[{"equals-ignore-case":"alice"}]}`, `{"n":"ALICE"}`, true},
		"anything but":                 {`{"detail":{"state":[{"anything-but":"initializing"}]}}`, state, true},
		"nothing but":                  {`{"detail":{"state":[{"anything-but":"terminated"}]}}`, state, false},
		"anything but needs a value":   {`{"detail":{"none":[{"anything-but":"terminated"}]}}`, state, false},
		"anything but a list":          {`{"detail":{"state":[{"anything-but":["stopped","terminated"]}]}}`, state, false},
		"anything but numbers":         {`{"x":[{"anything-but":[100,200]}]}`, `{"x":300}`, true},
		"anything but a number":        {`{"x":[{"anything-but":100}]}`, `{"x":100}`, false},
		"anything but a prefix":        {`{"r":[{"anything-but":{"prefix":"us-"}}]}`, `{"r":"us-east-1"}`, false},
		"anything but prefixes":        {`{"r":[{"anything-but":{"prefix":["us-","eu-"]}}]}`, `{"r":"ap-east-1"}`, true},
		"anything but a suffix":        {`{"f":[{"anything-but":{"suffix":".png"}}]}`, `{"f":"a.jpg"}`, true},
		"anything but of any case":     {`{"s":[{"anything-but":{"equals-ignore-case":["A","b"]}}]}`, `{"s":"B"}`, false},
		"anything but a wildcard":      {`{"f":[{"anything-but":{"wildcard":"*/lib/*"}}]}`, `{"f":"/usr/lib/x"}`, false},
		"anything but, of a number":    {`{"f":[{"anything-but":{"prefix":"1"}}]}`, `{"f":12}`, true},
		"above":                        {`{"c":[{"numeric":[">",0,"<=",5]}]}`, `{"c":5}`, true},
		"at an open bound":             {`{"c":[{"numeric":[">",0,"<=",5]}]}`, `{"c":0}`, false},
		"below":                        {`{"c":[{"numeric":["<",10]}]}`, `{"c":9.5}`, true},
		"equal by value":               {`{"x":[{"numeric":["=",3.018e2]}]}`, `{"x":301.8}`, true},
		"numeric of a text":            {`{"x":[{"numeric":["=",5]}]}`, `{"x":"5"}`, false},
		"address":                      {`{"ip":[{"cidr":"10.0.0.0/24"}]}`, `{"ip":"10.0.0.7"}`, true},
		"address outside":              {`{"ip":[{"cidr":"10.0.0.0/24"}]}`, `{"ip":"10.0.1.7"}`, false},
		"address of version 6":         {`{"ip":[{"cidr":"2001:db8::/32"}]}`, `{"ip":"2001:db8::1"}`, true},
		"exists":                       {`{"detail":{"state":[{"exists":true}]}}`, state, true},
		"exists not":                   {`{"detail":{"c-count":[{"exists":false}]}}`, state, true},
		"exists, but is no leaf":       {`{"detail":{"c-count":[{"exists":false}]}}`, `{"detail":{"c-count":{"c1":100}}}`, true},
		"exists at a leaf only":        {`{"detail":{"c-count":[{"exists":true}]}}`, `{"detail":{"c-count":{"c1":100}}}`, false},
		"absent below what is absent":  {`{"a":{"b":[{"exists":false}]}}`, `{"c":1}`, true},
		"null exists":                  {`{"a":[{"exists":true}]}`, `{"a":null}`, true},
		"empty list does not exist":    {`{"a":[{"exists":true}]}`, `{"a":[]}`, false},
		"wildcard":                     {`{"f":[{"wildcard":"dir/*.png"}]}`, `{"f":"dir/a/b.png"}`, true},
		"wildcard with two stars":      {`{"f":[{"wildcard":"a*b*c"}]}`, `{"f":"a-b-b-c"}`, true},
		"wildcard that overlaps":       {`{"f":[{"wildcard":"ab*ba"}]}`, `{"f":"aba"}`, false},
		"escaped star":                 {`{"f":[{"wildcard":"a\\*b"}]}`, `{"f":"axb"}`, false},
		"escaped star itself":          {`{"f":[{"wildcard":"a\\*b"}]}`, `{"f":"a*b"}`, true},
		"arrays intersect":             {`{"resources":["a","b"]}`, `{"resources":["c","b"]}`, true},
		"arrays that do not":           {`{"resources":["a","b"]}`, `{"resources":["c","d"]}`, false},
		"one element has both":         {`{"c":{"n":["x"],"e":[1]}}`, `{"c":[{"n":"x","e":0},{"n":"y","e":1}]}`, false},
		"an element of both":           {`{"c":{"n":["x"],"e":[1]}}`, `{"c":[{"n":"x","e":1},{"n":"y","e":0}]}`, true},
		"or, first":                    {`{"$or":[{"a":[1]},{"b":[2]}]}`, `{"a":1}`, true},
		"or, second":                   {`{"$or":[{"a":[1]},{"b":[2]}]}`, `{"a":3,"b":2}`, true},
		"or, neither":                  {`{"$or":[{"a":[1]},{"b":[2]}]}`, `{"a":3}`, false},
		"or below":                     {`{"detail":{"x":[1],"$or":[{"a":[1]},{"b":[2]}]}}`, `{"detail":{"x":1,"b":2}}`, true},
		"or and more":                  {`{"detail":{"x":[1],"$or":[{"a":[1]},{"b":[2]}]}}`, `{"detail":{"x":2,"b":2}}`, false},
		"a field called $or":           {`{"$or":["x"]}`, `{"$or":"x"}`, true},
		"event that is no object":      {`{"a":[{"exists":false}]}`, `[1]`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.pattern))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.MatchesJSON([]byte(tt.event)); got != tt.want {
				t.Errorf("%s on %s: %t", tt.pattern, tt.event, got)
			}
		})
	}
}

func TestWhatIsNoPatternIsRefused(t *testing.T) {
	tests := map[string]struct{ pattern, reason string }{
		"no JSON":              {`{`, "the text is not JSON"},
		"more":                 {`{"a":[1]} x`, "there is more"},
		"no object":            {`[]`, "Filter is not an object"},
		"empty":                {`{}`, "Empty objects are not allowed"},
		"empty below":          {`{"a":{}}`, "Empty objects are not allowed"},
		"empty array":          {`{"a":[]}`, "Empty arrays are not allowed"},
		"bare value":           {`{"source":"aws.ecs"}`, `"source" must be an object or an array`},
		"array in array":       {`{"a":[[1]]}`, "Match value must be String, number, true, false, or null"},
		"unknown operator":     {`{"a":[{"like":"x"}]}`, "Unrecognized match type like"},
		"two operators":        {`{"a":[{"prefix":"x","suffix":"y"}]}`, "Only one key allowed in match expression"},
		"exists of text":       {`{"a":[{"exists":"yes"}]}`, "exists match pattern must be either true or false."},
		"prefix of a number":   {`{"a":[{"prefix":1}]}`, "prefix match pattern must be a string"},
		"anything but mixed":   {`{"a":[{"anything-but":[1,"a"]}]}`, "mixed type is not supported"},
		"anything but nothing": {`{"a":[{"anything-but":[]}]}`, "Empty arrays"},
		"anything but true":    {`{"a":[{"anything-but":true}]}`, "must be an array or single string/number"},
		"numeric of three":     {`{"a":[{"numeric":[">",1,"<"]}]}`, "Too many or too few"},
		"numeric downwards":    {`{"a":[{"numeric":[">",5,"<",1]}]}`, "Bottom must be less than top"},
		"numeric upper first":  {`{"a":[{"numeric":["<",5,">",1]}]}`, "Unrecognized numeric range operator: <"},
		"numeric too large":    {`{"a":[{"numeric":["<",6e9]}]}`, "must be numeric"},
		"block":                {`{"a":[{"cidr":"10.0.0"}]}`, "Malformed CIDR"},
		"two stars":            {`{"a":[{"wildcard":"a**b"}]}`, "Consecutive wildcard characters at pos 1"},
		"escape":               {`{"a":[{"wildcard":"a\\b"}]}`, "Invalid escape character at pos 1"},
		"deep":                 {strings.Repeat(`{"a":`, 200) + `[1]` + strings.Repeat(`}`, 200), "nested too deep"},
		"many alternatives":    {"{" + nested(6) + "}", "too many combinations"},
		"long":                 {`{"a":["` + strings.Repeat("x", MostBytes) + `"]}`, "longer than"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(tt.pattern))
			if err == nil || !strings.HasPrefix(err.Error(), "Event pattern is not valid. Reason: ") || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("%v, want %q", err, tt.reason)
			}
		})
	}
}

// nested is n fields with four alternatives each.
func nested(n int) string {
	var fields []string
	for i := range n {
		fields = append(fields, `"f`+string(rune('a'+i))+`":{"$or":[{"a":[1]},{"b":[1]},{"c":[1]},{"d":[1]}]}`)
	}
	return strings.Join(fields, ",")
}

func TestFloatsMatchAsTheyAreWritten(t *testing.T) {
	p, err := Parse([]byte(`{"a":[5]}`))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Matches(map[string]any{"a": float64(5)}) || p.Matches(map[string]any{"a": 5.5}) {
		t.Error("a float64 is not compared as JSON writes it")
	}
}

func FuzzNoTextPanics(f *testing.F) {
	f.Add(`{"a":[{"anything-but":{"wildcard":["*","\\*"]}}]}`, `{"a":["x",{"b":[[]]}]}`)
	f.Add(`{"$or":[{"a":[{"numeric":["=",1]}]},{"b":{"c":[{"exists":false}]}}]}`, `{"b":[{"c":[]}]}`)
	f.Add(`{"ip":[{"cidr":"::/0"}]}`, `{"ip":"::"}`)
	f.Add(`{"a":[{"numeric":[]}]}`, `{"a":1e999}`)
	f.Fuzz(func(t *testing.T, pattern, event string) {
		p, err := Parse([]byte(pattern))
		if err != nil {
			return
		}
		var v any
		if json.Unmarshal([]byte(event), &v) == nil {
			p.Matches(v)
		}
		if first, second := p.MatchesJSON([]byte(event)), p.MatchesJSON([]byte(event)); first != second {
			t.Error("two answers for the same event")
		}
	})
}
