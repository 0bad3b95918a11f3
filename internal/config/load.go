package config

import (
	"slices"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// Sources is where settings come from, weakest first: TF_VAR_name, BERTH_VAR_name, each file in turn, each --var in turn.
type Sources struct {
	Files   []string // paths of variable files
	Vars    []string // "name=value"
	Environ []string // "NAME=value", as os.Environ gives it
}

// Load reads and checks everything and reports all faults at once. The Config is nil exactly when Faults.Failed.
func Load(src Sources) (*Config, Faults) {
	s := read(src)
	c := build(s)
	faults := s.Faults()
	if faults.Failed() {
		return nil, faults
	}
	return c, faults
}

// read lays the stronger sources over the weaker.
func read(src Sources) settings {
	s := settings{Report: &tfvars.Report{}, scope: option.Top, values: map[string]tfvars.Value{}}
	for _, prefix := range []string{"TF_VAR_", "BERTH_VAR_"} {
		s.overlay(s.environ(src.Environ, prefix))
	}
	for _, path := range src.Files {
		from, end := s.File(path)
		s.overlay(from)
		s.at = end
	}
	var vars []tfvars.Assignment
	for _, line := range src.Vars {
		if a, ok := s.Inline("--var", line, "", isHCL); ok {
			vars = append(vars, a)
		}
	}
	s.overlay(vars)
	s.finish()
	return s
}

// environ reads the variables with one prefix, sorted by name; of two with one name the later counts.
// Terraform ignores its variables of unknown names, which belong to another configuration, and so does berth.
func (s settings) environ(environ []string, prefix string) []tfvars.Assignment {
	last := map[string]string{}
	for _, line := range environ {
		full, _, ok := strings.Cut(line, "=")
		name, ours := strings.CutPrefix(full, prefix)
		if _, known := option.Find(option.Top, name); ok && ours && name != "" && (known || prefix != "TF_VAR_") {
			last[name] = line
		}
	}
	lines := make([]string, 0, len(last))
	for _, line := range last { // unordered: sorted below
		lines = append(lines, line)
	}
	slices.Sort(lines)
	var out []tfvars.Assignment
	for _, line := range lines {
		if a, ok := s.Inline("environment variable", line, prefix, isHCL); ok {
			out = append(out, a)
		}
	}
	return out
}

// isHCL says how a value outside a file is to be read: lists and maps as HCL, everything else as it stands.
func isHCL(name, text string) bool {
	o, _ := option.Find(option.Top, name)
	text = strings.TrimSpace(text)
	switch o.Kind {
	case option.List, option.Flexible:
		return strings.HasPrefix(text, "[") || text == "null"
	case option.TextMap, option.Maps, option.Map:
		return strings.HasPrefix(text, "{") || text == "null"
	case option.Text, option.Number, option.Bool:
		return false
	default:
		return false
	}
}
