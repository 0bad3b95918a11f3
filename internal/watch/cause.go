package watch

import (
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// The families of causes.
const (
	Image     = "image"    // an image cannot be had
	Registry  = "registry" // a registry cannot be reached, or has had enough: it is not one service's doing
	Ends      = "ends"     // containers end
	Health    = "health"   // health checks fail
	Room      = "room"     // tasks find no instance
	Access    = "access"   // secrets, roles, logs, networks and volumes of tasks
	Host      = "host"     // instances and their agents
	Launch    = "launch"   // a group gets no instances
	Drain     = "drain"    // a drain does not end
	Rollout   = "rollout"  // a deployment failed: mostly a symptom
	Short     = "short"    // a service has too few tasks, and nobody knows why: a symptom
	Alert     = "alert"    // a way to tell people does not work
	Age       = "age"      // an image of machines is at its end of life
	Crowd     = "crowd"    // more causes at once than are told apart
	clusterly = "cluster"
)

// CauseOf is what a code is a sign of: for a service, a family of tasks, an instance, a group or an alert. About is what it is
// about beside the subject, where that makes it a cause of its own: a registry, a zone, an Auto Scaling group.
func CauseOf(code string, of live.Subject, about string) Cause {
	family := familyOf(code)
	switch family {
	case Room, Crowd:
		return Cause{family, clusterly}
	case Registry:
		return Cause{family, within("registry", about)}
	case Host:
		return Cause{family, within("zone", about)}
	case Launch:
		if about == "" {
			about = of.Name
		}
		return Cause{family, within("group", about)}
	}
	return Cause{family, of.Kind + "/" + of.Name}
}

// within is a scope, or the cluster where nobody knows which one.
func within(kind, name string) string {
	if name == "" {
		return clusterly
	}
	return kind + "/" + name
}

// familyOf is the family of a code.
func familyOf(code string) string {
	switch code {
	case reason.RateLimit, reason.NoRegistry:
		return Registry
	case reason.NoCapacity, reason.NoLaunch:
		return Launch
	case reason.DrainDeadlock, reason.DrainProtected, reason.DrainAlone, reason.DrainNoRoom:
		return Drain
	case reason.Unknown, reason.Throttled:
		return Short
	}
	for _, f := range []struct{ prefix, family string }{
		{"WHY1", Image},
		{"WHY2", Ends},
		{"WHY3", Health},
		{"WHY4", Room},
		{"WHY5", Access},
		{"WHY6", Host},
		{"WHY7", Rollout},
		{"OPS", Alert},
		{"AMI", Age},
		{"WCH", Crowd},
	} {
		if strings.HasPrefix(code, f.prefix) {
			return f.family
		}
	}
	return Short
}

// symptom tells families that mostly come of another cause.
func symptom(family string) bool { return family == Rollout || family == Short }

// job tells causes of tasks that belong to no service: nobody looks whether they are well again.
func (c Cause) job() bool { return strings.HasPrefix(c.Scope, "family/") }

// quiet is for how long nothing bad may have been heard before a cause counts as over.
func (c Cause) quiet() time.Duration {
	switch {
	case c.job():
		return 30 * time.Minute
	case c.Family == Alert, c.Family == Age:
		return 0
	case c.Family == Room, c.Family == Host, c.Family == Launch, c.Family == Drain, c.Family == Short:
		return 2 * time.Minute
	}
	return 5 * time.Minute
}

// worsens tells causes of which a few occurrences are a loop.
func (c Cause) worsens() bool {
	switch c.Family {
	case Image, Ends, Health, Access:
		return !c.job()
	}
	return false
}
