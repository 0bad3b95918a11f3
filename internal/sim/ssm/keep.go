package ssm

import (
	"fmt"
	"regexp"
	"strings"

	"berth/internal/sim/world"
)

// Bounds of names (Systems Manager API reference, PutParameter): as many characters with the ARN's, and as many levels.
const (
	longest = 1011
	deepest = 15
)

var nameForm = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+)+$|^[A-Za-z0-9_.-]+$`)

// Keep lets a parameter be there that somebody else has made. One that is there stays as it is.
func Keep(w *world.World, region, name string) error {
	bare := strings.ToLower(strings.TrimPrefix(name, "/"))
	switch {
	case strings.HasPrefix(name, "arn:"):
		return fmt.Errorf("%s is an ARN: a parameter is called by its name, such as /shop/db or plain", name)
	case !nameForm.MatchString(name):
		return fmt.Errorf("%s is no name of a parameter: letters, digits, _, . and -, and with slashes a path that begins with one", name)
	case strings.HasPrefix(bare, "aws"), strings.HasPrefix(bare, "ssm"):
		return fmt.Errorf("%s is no name of a parameter of yours: AWS keeps those that begin with aws or ssm", name)
	case len(name) > longest || strings.Count(name, "/") > deepest:
		return fmt.Errorf("%s is no name of a parameter: it has at most %d characters and %d levels", name, longest, deepest)
	}
	all := &w.Region(region).Parameters.Parameters
	if _, there := all.Get(name); !there {
		all.Put(name, &world.Parameter{Name: name, Value: "{}", Version: 1, Modified: w.Now()})
	}
	return nil
}
