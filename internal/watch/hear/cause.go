package hear

import (
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// The families of causes that are told apart here.
const (
	familyEnds     = "ends"
	familyRegistry = "registry"
	familyRoom     = "room"
	familyHost     = "host"
	familyLaunch   = "launch"
	familyDrain    = "drain"
	familyRollout  = "rollout"
	familyShort    = "short"
	familyAlert    = "alert"
	familyAge      = "age"
)

// The kinds of what signals are about.
const (
	aService  = "service"
	aFamily   = "family"
	aInstance = "instance"
	aGroup    = "group"
	anAlert   = "alert"
)

// causeOf is what a code is a sign of. About is what it is about beside its subject: a registry, a zone, a group.
func causeOf(code string, of live.Subject, about string) watch.Cause {
	family := familyOf(code)
	switch family {
	case familyRoom:
		return watch.Cause{Family: family, Scope: "cluster"}
	case familyRegistry:
		return watch.Cause{Family: family, Scope: within("registry", about)}
	case familyHost:
		return watch.Cause{Family: family, Scope: within("zone", about)}
	case familyLaunch:
		return watch.Cause{Family: family, Scope: within("group", or(about, of.Name))}
	}
	return watch.Cause{Family: family, Scope: of.Kind + "/" + of.Name}
}

// within is a scope, or the cluster where nobody knows which one.
func within(kind, name string) string {
	if name == "" {
		return "cluster"
	}
	return kind + "/" + name
}

// familyOf is the family of a code.
func familyOf(code string) string {
	switch code {
	case reason.RateLimit, reason.NoRegistry:
		return familyRegistry
	case reason.NoCapacity, reason.NoLaunch:
		return familyLaunch
	case reason.DrainDeadlock, reason.DrainProtected, reason.DrainAlone, reason.DrainNoRoom:
		return familyDrain
	}
	for _, f := range []struct{ prefix, family string }{
		{reason.Throttled, familyShort},
		{"WHY1", "image"},
		{"WHY2", familyEnds},
		{"WHY3", "health"},
		{"WHY4", familyRoom},
		{"WHY5", "access"},
		{"WHY6", familyHost},
		{"WHY7", familyRollout},
		{"OPS", familyAlert},
		{"AMI", familyAge},
	} {
		if strings.HasPrefix(code, f.prefix) {
			return f.family
		}
	}
	return familyShort
}

// hold is for how long something must have been so before anybody is told.
func hold(code string) time.Duration {
	switch code {
	case reason.LackRoom, reason.NotJoined:
		return 10 * time.Minute // managed scaling, or a machine that starts, takes that long
	case reason.AgentGone:
		return 3 * time.Minute // agents disconnect several times an hour (ECS developer guide, "Amazon ECS events")
	case unconfirmed:
		return time.Hour
	}
	switch familyOf(code) {
	case familyRoom:
		return time.Minute
	case familyDrain, familyShort:
		return 5 * time.Minute
	}
	return 0
}

// severity is how much a cause matters; final says that no waiting mends it.
func severity(code string, of live.Subject, final bool) watch.Severity {
	switch code {
	case reason.SpotTaken:
		return watch.Info
	case reason.AgentGone, reason.HostGone, reason.NotJoined, reason.NoCapacity, reason.LackRoom, reason.Throttled, unconfirmed, oldImage:
		return watch.Warning
	}
	switch familyOf(code) {
	case familyRegistry, familyDrain:
		return watch.Warning
	case familyRoom, familyHost, familyLaunch, familyRollout:
		return watch.Error
	}
	if final || of.Kind == aFamily { // nobody tries a job again
		return watch.Error
	}
	return watch.Warning
}

// Codes of package check that are told of as well.
const (
	unconfirmed = "OPS403"
	oldImage    = "AMI504"
)

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
