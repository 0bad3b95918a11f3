package wizard

import (
	"regexp"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

var (
	bare = regexp.MustCompile(`^(true|false|-?(0|[1-9][0-9]*)(\.[0-9]+)?)$`)
	word = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)
)

// literal is a setting's value in HCL, as terraform fmt writes it.
func literal(o option.Option, raw string) string {
	composed := o.Kind == option.List || o.Kind == option.TextMap || o.Kind == option.Maps || o.Kind == option.Map ||
		o.Kind == option.Flexible && strings.HasPrefix(strings.TrimSpace(raw), "[")
	if composed {
		var r tfvars.Report
		a, ok := r.Inline("--var", "x="+raw, "", func(string, string) bool { return true })
		if ok {
			return written(a.Value)
		}
		return raw // its faults are reported elsewhere
	}
	if text := strings.TrimSpace(raw); o.Kind != option.Text && o.Kind != option.Flexible && bare.MatchString(text) {
		return text
	}
	return quote(raw)
}

// written is a parsed value in HCL again. Text that reads as a number or truth stands bare: the types are lax.
func written(v tfvars.Value) string {
	var parts []string
	switch v.Shape {
	case tfvars.List:
		for _, item := range v.Items {
			parts = append(parts, written(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case tfvars.Table:
		for _, e := range v.Entries {
			key := e.Key
			if !word.MatchString(key) {
				key = quote(key)
			}
			parts = append(parts, key+" = "+written(e.Value))
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case tfvars.Scalar:
		if text, ok := v.Text(); ok && !bare.MatchString(text) {
			return quote(text)
		} else if ok {
			return text
		}
	case tfvars.Null, tfvars.Broken:
	}
	return "null"
}

// quote writes text between quotes (HCL native syntax, "Template Expressions").
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{").Replace(text) + `"`
}
