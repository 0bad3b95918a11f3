package registry

import (
	"slices"
	"strings"

	"berth/internal/sim/world"
)

// unread is why ECS cannot read a parameter of Systems Manager for a container, given by its name or ARN; empty: it can. The
// execution role must be allowed ssm:GetParameters (ECS developer guide, "Pass Systems Manager parameters through Amazon ECS
// environment variables"). Parameters of other regions and AWS's public ones are not looked at.
func unread(w *world.World, r *world.Region, role, from string) string {
	home := "arn:aws:ssm:" + r.Name + ":" + world.Account + ":parameter/"
	short, ofHome := strings.CutPrefix(from, home)
	names := []string{from}
	if ofHome {
		names = []string{short, "/" + short} // an ARN does not tell
	} else if strings.HasPrefix(from, "arn:") || strings.HasPrefix(from, "/aws/") {
		return ""
	}
	const failed = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
		"unable to retrieve secrets from ssm: service call has been retried 1 time(s): "
	who, ok := find(w, role)
	if !ok {
		return failed + "NoCredentialProviders: no valid providers in chain"
	}
	if arn := home + strings.TrimPrefix(names[0], "/"); !may(w, who, "ssm:GetParameters", arn, r) {
		return failed + denied(who, "ssm:GetParameters", arn)
	}
	there := func(name string) bool { _, ok := r.Parameters.Parameters.Get(name); return ok }
	if !slices.ContainsFunc(names, there) {
		return failed + "invalid ssm parameters: " + from
	}
	return ""
}
