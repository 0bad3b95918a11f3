package desired

import "berth/internal/model"

// rotation is how often AWS replaces the key's material: once a year, its own rhythm.
const rotation = 365

// kmsKeys are the key of the topic. EventBridge's messages to a topic that is encrypted with AWS's own key vanish without a
// word, since nobody can let it in there (SNS developer guide, "Enable compatibility between event sources from AWS services
// and encrypted topics"). EventBridge does not say for whom it asks, so its statement has no condition.
func (b *builder) kmsKeys() []model.Resource {
	use := []string{"kms:Decrypt", "kms:GenerateDataKey*"}
	service := func(sid, name string) statement {
		return statement{Sid: sid, Effect: "Allow", Principal: map[string]string{"Service": name}, Action: use, Resource: []string{"*"}}
	}
	topics := service("Topics", "sns.amazonaws.com")
	topics.Condition = map[string]map[string]string{"StringEquals": {"aws:SourceAccount": b.scope.Account}}
	return []model.Resource{model.KMSKey{
		Alias: b.scope.KeyAlias(), Description: "events of ECS cluster " + b.scope.ClusterName() + " (" + b.scope.Environment + ")",
		Policy: document(statement{
			Sid: "Account", Effect: "Allow", Principal: map[string]string{"AWS": "arn:" + b.scope.Partition + ":iam::" + b.scope.Account + ":root"},
			Action: []string{"kms:*"}, Resource: []string{"*"},
		}, service("Events", "events.amazonaws.com"), topics),
		Enabled: true, RotationDays: rotation, Tags: b.tags(model.KMSKeyKey()), Kept: b.facts.KMSKey,
	}}
}
