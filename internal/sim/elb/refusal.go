package elb

import (
	"fmt"
	"strings"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// refuse makes a refusal with a code of its own.
func refuse(code, format string, a ...any) error { return wire.Errorf(code, format, a...) }

// misconfigured refuses a configuration, with an HTTP status of its own; 0 means 400.
func misconfigured(status int, format string, a ...any) error {
	return wire.Errorf("InvalidConfigurationRequest", format, a...).WithStatus(status)
}

// invalid refuses what breaks a rule that AWS writes out in words.
func invalid(format string, a ...any) error { return wire.Errorf("ValidationError", format, a...) }

// constraint refuses a value that breaks the API model.
func constraint(at string, value any, rule string) error {
	return invalid("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: Member must %s", value, at, rule)
}

// needed refuses a call that lacks a required member.
func needed(at string, there bool) error {
	if there {
		return nil
	}
	return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", at)
}

// within refuses a number outside a range; an absent one passes.
func within(at string, v *int32, least, most int32) error {
	switch {
	case v == nil:
		return nil
	case *v < least:
		return constraint(at, *v, fmt.Sprintf("have value greater than or equal to %d", least))
	case *v > most:
		return constraint(at, *v, fmt.Sprintf("have value less than or equal to %d", most))
	}
	return nil
}

// oneOf refuses a word that is not in the list; an absent one passes.
func oneOf[S ~string](at string, v S, known ...S) error {
	if v == "" {
		return nil
	}
	words := make([]string, len(known))
	for i, k := range known {
		if v == k {
			return nil
		}
		words[i] = string(k)
	}
	return constraint(at, v, "satisfy enum value set: ["+strings.Join(words, ", ")+"]")
}

// first gives the first failed check of several.
func first(checks ...error) error {
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

// quota is a limit of the service: the quota's code, and AWS's default for codes that Service Quotas does not show.
type quota struct {
	code  string
	usual int
}

// in is the value that holds in a region.
func (q quota) in(r *world.Region) int {
	if n := r.Quota(q.code); n > 0 {
		return n
	}
	return q.usual
}

func perRegion(kind string) quota {
	if kind == "network" {
		return quota{"L-69A177A2", 50}
	}
	return quota{"L-53DA6B97", 50}
}

func classicPerRegion() quota     { return quota{"L-E9E9831D", 20} }
func groupsPerRegion() quota      { return quota{"L-B22855CB", 3000} }
func listenersPerBalancer() quota { return quota{"L-B6DF7632", 50} }
func rulesPerBalancer() quota     { return quota{"L-7EED9B64", 100} }
func groupsPerBalancer() quota    { return quota{"L-822D1B1B", 100} }
func targetsPerGroup() quota      { return quota{"L-A0D0B863", 1000} }
func targetsPerBalancer() quota   { return quota{"L-7E6692B2", 1000} }
func certificatesPerALB() quota   { return quota{"L-9365A611", 25} }
func listenersPerClassic() quota  { return quota{"L-1A491844", 100} }
func instancesPerClassic() quota  { return quota{"L-CE3125E5", 1000} }
func groupsPerForward() int       { return 5 }
func resourcesPerTagCall() int    { return 20 }
func attributesPerCall() int      { return 20 }
