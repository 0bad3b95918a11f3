package problem

import (
	"berth/internal/model"
	"berth/internal/observe/service"
)

// Standing is what keeps a verb about services from its cluster: it is not there, or it is somebody else's. Flags are those that
// name the cluster, for commands to be copied.
func Standing(o service.Ownership, s model.Scope, flags string) error {
	switch {
	case o.Others:
		return Elsewhere("DEP205", s)
	case !o.Stands:
		return &Problem{
			Code: "DEP205", Text: "there is no cluster " + s.ClusterName() + " to deploy to", Exit: Failed,
			Hints: []string{"make it first: berth apply" + flags},
		}
	}
	return nil
}

// Elsewhere is a cluster that has the file's name and by its tags is not the file's: no verb changes it or tells of it.
func Elsewhere(code string, s model.Scope) *Problem {
	return &Problem{
		Code: code, Text: "the cluster " + s.ClusterName() + " belongs to somebody else: its tags are not those of environment " + s.Environment, Exit: Failed,
		Hints: []string{`use its own file (-f), or give the cluster of this one a name of its own: cluster = "…"`},
	}
}
