package ssm

import (
	"cmp"
	"slices"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// isPublic tells AWS's own parameters, whose names nobody else may give.
func isPublic(name string) bool { return strings.HasPrefix(name, "/aws/") }

// own are the parameters of the account.
func own(c *world.Call) []ec2.PublicParameter {
	var out []ec2.PublicParameter
	for p := range c.Region.Parameters.Parameters.Rows() {
		out = append(out, ec2.PublicParameter{Name: p.Name, Value: p.Value, Version: p.Version, Modified: p.Modified})
	}
	return out
}

// everything is the account's parameters and the public ones, by name.
func everything(c *world.Call) []ec2.PublicParameter {
	out := append(own(c), ec2.PublicParameters(c.Region.Name, c.Now())...)
	slices.SortStableFunc(out, func(a, b ec2.PublicParameter) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// named is the parameter of a name. An ARN does not tell whether the name begins with a slash.
func named(c *world.Call, names ...string) (ec2.PublicParameter, bool) {
	for _, name := range names {
		if p, ok := c.Region.Parameters.Parameters.Get(name); ok {
			return ec2.PublicParameter{Name: p.Name, Value: p.Value, Version: p.Version, Modified: p.Modified}, true
		}
		if p, ok := ec2.FindPublicParameter(c.Region.Name, name, c.Now()); ok {
			return p, true
		}
	}
	return ec2.PublicParameter{}, false
}
