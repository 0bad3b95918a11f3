package permit

import (
	"slices"

	"berth/internal/model"
)

// secretRows are the logins of private registries: in secrets of the cluster's own, in those that the file names, which are only
// looked at, and in the one object that the ECS agents read. Only who compares may read what is stored.
func secretRows() []row {
	return slices.Concat(
		rows("Secrets Manager", look, "ListSecrets", anywhere),
		rows("Secrets Manager", look, "DescribeSecret", secrets, givenSecrets),
		rows("Secrets Manager", compare, "GetSecretValue", secrets),
		rows("Secrets Manager", change, "PutSecretValue TagResource UntagResource UpdateSecret", secrets),
		rows("Secrets Manager", leave, "DeleteSecret", secrets),
		[]row{
			one("Secrets Manager.CreateSecret", change, grant{"secretsmanager:CreateSecret", secrets}, grant{"secretsmanager:TagResource", secrets}),
			one("S3.GetObject", peek, grant{"s3:GetObject", agentObject}),
			one("S3.ListObjectVersions", look, grant{"s3:ListBucketVersions", bucket}),
			one("S3.DeleteObjects", change, grant{"s3:DeleteObjectVersion", agentObject}),
		},
	)
}

func (c Cluster) secretSpec(at place) spec {
	switch at {
	case secrets:
		return spec{sid: "Secrets", resources: []string{c.arn("secretsmanager", "secret:"+c.SecretPrefix()+"*")}}
	case givenSecrets:
		return spec{sid: "GivenSecrets", resources: c.GivenSecrets}
	default:
		return spec{sid: "AgentConfig", resources: []string{"arn:" + c.partition() + ":s3:::" + c.bucket() + "/" + model.AgentConfigPath}}
	}
}
