package transform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Settings are the input settings of a target; at most one of Input, Path and Template is set. The zero Settings send the
// whole event.
type Settings struct {
	Input    string            // a constant, as JSON
	Path     string            // a JSON path
	Paths    map[string]string // JSON paths by variable
	Template string            // with variables as <name>
}

// About is what the reserved variables stand for.
type About struct {
	RuleARN, RuleName string
	Ingested          time.Time
}

// The bounds of a target's input (EventBridge API reference, Target and InputTransformer).
const (
	mostText      = 8192
	mostPath      = 256
	mostVariables = 100
)

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_\-]{1,256}$`)

// Check tells what is wrong with the settings, in EventBridge's words.
func (s Settings) Check() error {
	set := 0
	for _, text := range []string{s.Input, s.Path, s.Template} {
		if text != "" {
			set++
		}
	}
	if set > 1 {
		return errors.New("Only one of Input, InputPath, or InputTransformer must be provided.") //nolint:staticcheck // AWS's sentence
	}
	switch {
	case len(s.Input) > mostText:
		return tooLong("input", mostText)
	case len(s.Path) > mostPath:
		return tooLong("inputPath", mostPath)
	case s.Input != "" && !json.Valid([]byte(s.Input)):
		return errors.New("JSON syntax error in input for target")
	case s.Path != "":
		_, err := parsePath(s.Path)
		return err
	case s.Template != "":
		return s.checkTemplate()
	}
	return nil
}

func tooLong(member string, most int) error {
	return fmt.Errorf("Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", member, most) //nolint:staticcheck // AWS's sentence
}

func (s Settings) checkTemplate() error {
	if len(s.Template) > mostText {
		return tooLong("inputTemplate", mostText)
	}
	if len(s.Paths) > mostVariables {
		return tooLong("inputPathsMap", mostVariables)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Paths)) {
		if !nameForm.MatchString(name) || strings.HasPrefix(strings.ToUpper(name), "AWS.") {
			return fmt.Errorf("InputPathsMap key %s is invalid.", name) //nolint:staticcheck // AWS's sentence
		}
		if len(s.Paths[name]) > mostPath {
			return tooLong("inputPathsMap", mostPath)
		}
		if _, err := parsePath(s.Paths[name]); err != nil {
			return err
		}
	}
	for _, name := range variables(s.Template) {
		if _, ok := s.Paths[name]; !ok && !strings.HasPrefix(name, "aws.events.") {
			return fmt.Errorf("InputTemplate for target contains placeholder <%s> that is not in InputPathsMap.", name) //nolint:staticcheck // AWS's sentence
		}
	}
	return nil
}

var variableForm = regexp.MustCompile(`<([A-Za-z0-9_.\-]+)>`)

// variables are the names in a template.
func variables(template string) []string {
	var out []string
	for _, m := range variableForm.FindAllStringSubmatch(template, -1) {
		out = append(out, m[1])
	}
	return out
}

// Apply makes what the target is sent. The event must be JSON.
func (s Settings) Apply(event []byte, about About) string {
	switch {
	case s.Input != "":
		return s.Input
	case s.Path != "":
		p, _ := parsePath(s.Path) // Check has read it
		v, ok := p.find(read(event))
		if !ok {
			return "null"
		}
		return text(v)
	case s.Template != "":
		return minified(s.fill(event, about))
	}
	return string(event)
}

func read(event []byte) any {
	d := json.NewDecoder(bytes.NewReader(event))
	d.UseNumber()
	var v any
	_ = d.Decode(&v) // no JSON is nothing, and no path finds anything in it
	return v
}

// text is a value as JSON, without the escapes that only HTML needs.
func text(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // it was read from JSON
	return strings.TrimSuffix(b.String(), "\n")
}

// fill puts values in the places of variables: as JSON where a value stands, bare inside a string. A variable whose path
// finds nothing leaves nothing.
func (s Settings) fill(event []byte, about About) string {
	known := s.values(event, about)
	var out strings.Builder
	quoted, rest := false, s.Template
	for rest != "" {
		at := variableForm.FindStringSubmatchIndex(rest)
		if at == nil {
			at = []int{len(rest), len(rest), 0, 0}
		}
		out.WriteString(rest[:at[0]])
		quoted = inString(rest[:at[0]], quoted)
		if v, ok := known[rest[at[2]:at[3]]]; ok {
			bare, isText := v.(string)
			if !quoted {
				bare = text(v)
			} else if !isText {
				bare = strings.ReplaceAll(text(v), `"`, "") // "to ensure a valid string", the user guide says
			}
			out.WriteString(bare)
		}
		rest = rest[at[1]:]
	}
	return out.String()
}

// inString tells whether one is inside a JSON string after a piece of text.
func inString(piece string, quoted bool) bool {
	for i := 0; i < len(piece); i++ {
		switch {
		case piece[i] == '\\' && quoted:
			i++
		case piece[i] == '"':
			quoted = !quoted
		}
	}
	return quoted
}

// values are those of all variables that have one.
func (s Settings) values(event []byte, about About) map[string]any {
	whole := read(event)
	without := map[string]any{}
	if object, ok := whole.(map[string]any); ok {
		without = maps.Clone(object)
		delete(without, "detail")
	}
	out := map[string]any{
		"aws.events.rule-arn":             about.RuleARN,
		"aws.events.rule-name":            about.RuleName,
		"aws.events.event.ingestion-time": about.Ingested.UTC().Format("2006-01-02T15:04:05Z"),
		"aws.events.event":                without,
		"aws.events.event.json":           whole,
	}
	for _, name := range slices.Sorted(maps.Keys(s.Paths)) {
		p, _ := parsePath(s.Paths[name]) // Check has read it
		if v, ok := p.find(whole); ok {
			out[name] = v
		}
	}
	return out
}

// minified takes the white space out of JSON; other text stays as it is.
func minified(s string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(s)) != nil {
		return s
	}
	return b.String()
}
