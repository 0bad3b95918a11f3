package access

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// refusal is how the service that was called says no (IAM user guide, "Troubleshoot access denied error messages").
func refusal(c *world.Call, n need, verdict policy.Verdict) error {
	text := "User: " + world.CallerARN + " is not authorized to perform: " + n.action
	if n.resource != "*" || c.Service != "ec2" {
		text += " on resource: " + n.resource
	}
	if verdict == policy.Denied {
		text += " with an explicit deny in an identity-based policy"
	} else {
		text += " because no identity-based policy allows the " + n.action + " action"
	}
	switch c.Service {
	case "ec2":
		text = "You are not authorized to perform this operation. " + text
		if n.resource != "*" {
			text += ". Encoded authorization failure message: " + encoded(text)
		}
		return wire.Errorf("UnauthorizedOperation", "%s", text).WithStatus(http.StatusForbidden)
	case "autoscaling":
		if service(n.action) != "autoscaling" {
			text = "You are not authorized to use launch template: " + n.also[templateKey]
		}
	case "ecs", "ecr", "ssm", "logs", "servicequotas", "kms", "events", "secretsmanager":
		return wire.Errorf("AccessDeniedException", "%s", text)
	case "sns":
		return wire.Errorf("AuthorizationError", "%s", text).WithStatus(http.StatusForbidden)
	}
	return wire.Errorf("AccessDenied", "%s", text).WithStatus(http.StatusForbidden)
}

// templateKey is where a need says which launch template it comes from; no condition can ask for it.
const templateKey = "launch template"

// encoded stands for the message that only AWS can read: long, and different for different refusals.
func encoded(text string) string {
	var b strings.Builder
	sum := sha256.Sum256([]byte(text))
	for range 10 {
		b.WriteString(base64.RawURLEncoding.EncodeToString(sum[:]))
		sum = sha256.Sum256(sum[:])
	}
	return b.String()
}
