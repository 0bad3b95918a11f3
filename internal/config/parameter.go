package config

import (
	"regexp"
	"strings"

	"berth/internal/config/tfvars"
)

// parameterPath is a path of parameters, which leaves room for a name below it (Systems Manager user guide, "Requirements
// and constraints for parameter names").
var parameterPath = regexp.MustCompile(`^[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+){0,13}$`)

// maxParameterPath leaves half of a name's 1011 characters, its ARN included, to what comes below the path.
const maxParameterPath = 500

// parameterPrefix reads the path of the parameters that tasks may read.
func (s settings) parameterPrefix() string {
	text, ok := s.text("task_parameter_prefix")
	if !ok || text == "" {
		return ""
	}
	path := strings.TrimPrefix(strings.TrimSuffix(text, "/"), "/")
	f := Fault{
		Code: codeIllegalText, Summary: "task_parameter_prefix cannot be " + tfvars.Quote(text), Hint: `such as task_parameter_prefix = "shop/prod", for /shop/prod/…`,
	}
	switch lower := strings.ToLower(path); {
	case len(path) > maxParameterPath || !parameterPath.MatchString(path):
		f.Detail = "It is a path of letters, digits and _ . -, with a slash between two of at most 14 levels. Everything below it is meant; there are no wildcards."
	case strings.HasPrefix(lower, "aws") || strings.HasPrefix(lower, "ssm"):
		f.Detail = "AWS keeps names that begin with aws or ssm to itself."
	default:
		return path
	}
	s.Fail(s.values["task_parameter_prefix"].At, f)
	return path
}
