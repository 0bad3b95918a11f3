package sim

import "berth/internal/sim/world"

// messagingCharge is what a call of EventBridge, SNS or KMS takes (EventBridge user guide, SNS and KMS service quotas: what is
// put and published is cheap, what makes and changes resources is not).
func messagingCharge(service, op string) charge {
	switch service + " " + op {
	case "events PutEvents":
		return one(op, 10_000, 10_000)
	case "sns Publish":
		return one(op, 30_000, 30_000)
	case "sns Subscribe", "sns Unsubscribe":
		return one(op, 100, 100)
	case "sns SetSubscriptionAttributes", "sns SetTopicAttributes", "sns TagResource", "sns UntagResource":
		return one(op, 10, 10)
	case "kms CreateKey", "kms CreateAlias", "kms DeleteAlias", "kms UpdateAlias", "kms EnableKey", "kms DisableKey", "kms EnableKeyRotation",
		"kms DisableKeyRotation", "kms CancelKeyDeletion":
		return one(op, 5, 5)
	case "kms PutKeyPolicy", "kms ScheduleKeyDeletion":
		return one(op, 15, 15)
	case "kms TagResource", "kms UntagResource":
		return one(op, 10, 10)
	}
	if service == "secretsmanager" {
		return secretsCharge(op)
	}
	if service == "kms" && world.Reads(op) {
		return one(op, 100, 100)
	}
	if service == "sns" {
		return one(op, 30, 30)
	}
	return one(op, 50, 50)
}

// secretsCharge is what a call of Secrets Manager takes (Secrets Manager user guide, "Secrets Manager quotas").
func secretsCharge(op string) charge {
	switch op {
	case "DescribeSecret", "GetSecretValue":
		return one("DescribeSecret and GetSecretValue", 10_000, 10_000)
	case "ListSecrets":
		return one(op, 100, 100)
	}
	return one(op, 50, 50)
}
