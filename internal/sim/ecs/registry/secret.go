package registry

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// withheld is why a container cannot be given its secrets, in the words of the agent of an instance, which are not those of
// Fargate; empty: it can. They are secrets of Secrets Manager, by their ARNs and perhaps the key of their JSON (ECS developer guide,
// "Pass Secrets Manager secrets through Amazon ECS environment variables", "Troubleshooting Amazon ECS ResourceNotFoundException
// errors"), or parameters of Systems Manager.
func withheld(w *world.World, r *world.Region, role string, all []types.Secret) string {
	for _, s := range all {
		id, key, ok := split(aws.ToString(s.ValueFrom))
		if !ok {
			if why := unread(w, r, role, aws.ToString(s.ValueFrom)); why != "" {
				return why
			}
			continue
		}
		value, why := read(w, r, role, id)
		if why == "" {
			why = lacks(value, key)
		} else {
			why = "secret " + id + ": " + why
		}
		if why != "" {
			return "Fetching secret data from AWS Secrets Manager in region " + r.Name + ": " + why
		}
	}
	return ""
}

// split is a secret's ARN and the key of its JSON: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME:KEY:STAGE:VERSION.
func split(from string) (arn, key string, ok bool) {
	parts := strings.Split(from, ":")
	if len(parts) < 7 || parts[2] != "secretsmanager" {
		return "", "", false
	}
	if len(parts) > 7 {
		key = parts[7]
	}
	return strings.Join(parts[:7], ":"), key, true
}

// lacks is what ECS says of a secret without the wanted key.
func lacks(value, key string) string {
	if key == "" {
		return ""
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(value), &all); err != nil {
		return "invalid character in the secret: it is no JSON, so it has no json key " + key // never what stands there
	}
	if _, ok := all[key]; !ok {
		return "retrieved secret from Secrets Manager did not contain json key " + key
	}
	return ""
}
