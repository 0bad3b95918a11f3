package iam

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The alphabets of names and paths (IAM API reference, CreateRole).
var (
	nameForm = regexp.MustCompile(`^[\w+=,.@-]+$`)
	pathForm = regexp.MustCompile(`^/([!-~]+/)?$`)
)

// required refuses a member that is missing, in IAM's words.
func required(member string, v *string) (string, error) {
	if v == nil || *v == "" {
		return "", constraint("null", member, "not be null")
	}
	return *v, nil
}

func constraint(value, member, must string) error {
	if value != "null" {
		value = "'" + value + "'"
	}
	return wire.Errorf("ValidationError", "1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s",
		value, member, must)
}

// named checks the name of a new entity.
func named(member string, v *string, most int) (string, error) {
	name, err := required(member, v)
	if err != nil {
		return "", err
	}
	if len(name) > most {
		return "", constraint(name, member, "have length less than or equal to "+itoa(most))
	}
	if !nameForm.MatchString(name) {
		return "", wire.Errorf("ValidationError",
			"The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", member)
	}
	return name, nil
}

// pathed checks a path; the default is "/".
func pathed(v *string) (string, error) {
	path := aws.ToString(v)
	if path == "" {
		return "/", nil
	}
	if len(path) > 512 || !pathForm.MatchString(path) {
		return "", wire.Errorf("ValidationError",
			"The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return path, nil
}

func arn(kind, path, name string) string {
	return "arn:aws:iam::" + world.Account + ":" + kind + path + name
}

// uniqueID makes an id such as AROA1B2C….
func uniqueID(w *world.World, prefix string) string { return prefix + strings.ToUpper(w.Hex(17)) }

// quota is what holds in us-east-1, where IAM's quotas are kept.
func quota(w *world.World, code string) int {
	home, ok := w.Regions.Get("us-east-1")
	if !ok {
		home = &world.Region{}
	}
	return home.Quota(code)
}

func missing(format string, a ...any) error {
	return wire.Errorf("NoSuchEntity", format, a...).WithStatus(404)
}

func exists(format string, a ...any) error {
	return wire.Errorf("EntityAlreadyExists", format, a...).WithStatus(409)
}

func conflict(text string) error { return wire.Errorf("DeleteConflict", "%s", text).WithStatus(409) }

func exceeded(format string, a ...any) error {
	return wire.Errorf("LimitExceeded", format, a...).WithStatus(409)
}
