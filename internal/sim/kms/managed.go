package kms

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strings"

	"berth/internal/sim/world"
)

// managedAliases are the keys that AWS manages for the services that use keys here.
func managedAliases() []string {
	return []string{"alias/aws/secretsmanager", "alias/aws/sns", "alias/aws/sqs"}
}

// managed is a key that AWS manages. It takes no room in the world: its id follows from its alias and the region.
func managed(r *world.Region, alias string) *world.Key {
	h := fnv.New128a()
	_, _ = h.Write([]byte(r.Name + " " + alias)) // hash.Hash never fails
	s := hex.EncodeToString(h.Sum(nil))
	id := s[:8] + "-" + s[8:12] + "-4" + s[13:16] + "-a" + s[17:20] + "-" + s[20:]
	service := strings.TrimPrefix(alias, "alias/aws/")
	return &world.Key{
		ID: id, ARN: keyARN(r, id), Managed: alias, State: enabled, Created: world.Epoch(), RotateEvery: usualRotation, RotateFrom: world.Epoch(),
		Description: "Default key that protects my " + title(service) + " data when no other key is defined",
		Policy:      managedPolicy(r, service),
	}
}

// managedPolicy lets the account use a key through its service, and nobody else.
func managedPolicy(r *world.Region, service string) string {
	return fmt.Sprintf(`{
  "Version" : "2012-10-17",
  "Id" : "auto-%[1]s-1",
  "Statement" : [ {
    "Sid" : "Allow access through %[1]s for all principals in the account that are authorized to use it",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "*"
    },
    "Action" : [ "kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:ListGrants", "kms:DescribeKey" ],
    "Resource" : "*",
    "Condition" : {
      "StringEquals" : {
        "kms:ViaService" : "%[1]s.%[2]s.amazonaws.com",
        "kms:CallerAccount" : "%[3]s"
      }
    }
  } ]
}`, service, r.Name, world.Account)
}

// title is a service's name as people write it.
func title(service string) string {
	if service == "secretsmanager" {
		return "Secrets Manager"
	}
	return strings.ToUpper(service)
}
