package desired

import "berth/internal/model"

// topics are the one that tells people. EventBridge may publish, and only by TLS. That it does so for the cluster's own rules
// cannot be asked for: EventBridge sends SNS no source, so that a condition on one would shut it out, and no alert would ever
// arrive (EventBridge user guide, "Using resource-based policies for Amazon EventBridge").
func (b *builder) topics() []model.Resource {
	name := b.scope.TopicName()
	arn := b.arn("sns", name)
	return []model.Resource{model.Topic{
		Name: name, DisplayName: fitted("ECS " + b.scope.ClusterName() + " " + b.scope.Environment), KMSKey: model.KMSKeyKey(), Signature: "2",
		Policy: document(statement{
			Sid: "Rules", Effect: "Allow", Principal: map[string]string{"Service": eventService}, Action: []string{"sns:Publish"}, Resource: []string{arn},
		}, onlyTLS("sns:Publish", arn)),
		Tags: b.tags(model.TopicKey()),
	}}
}

// eventService is EventBridge, as policies name it.
const eventService = "events.amazonaws.com"

// fitted is a display name that SNS takes.
func fitted(name string) string { return name[:min(len(name), 100)] }

// onlyTLS refuses whoever does not encrypt the way.
func onlyTLS(action, resource string) statement {
	return statement{
		Sid: "OnlyTLS", Effect: "Deny", Principal: "*", Action: []string{action}, Resource: []string{resource},
		Condition: map[string]map[string]string{"Bool": {"aws:SecureTransport": "false"}},
	}
}
