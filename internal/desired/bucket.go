package desired

import "berth/internal/model"

func (b *builder) buckets() []model.Resource {
	name := b.scope.BucketName()
	all := "arn:" + b.scope.Partition + ":s3:::" + name
	return []model.Resource{model.Bucket{
		Name: name, Versioning: true, Encryption: "AES256", PublicBlock: true, Ownership: "BucketOwnerEnforced",
		Policy: document(statement{
			Sid: "OnlyTLS", Effect: "Deny", Principal: "*", Action: []string{"s3:*"}, Resource: []string{all, all + "/*"},
			Condition: map[string]map[string]string{"Bool": {"aws:SecureTransport": "false"}},
		}),
		ExpirePrefix: "lease/", ExpireAfter: 1, Tags: b.tags(model.BucketKey()),
	}}
}
