package diagnose

import (
	"fmt"
	"strings"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// unprovided finds what a task needed and was not given: secrets, roles, its network interface (ECS developer guide,
// "ResourceInitializationError" errors).
func (s *scene) unprovided(found *causes, subject string, t *live.Task, c *live.Container, why string) bool {
	code := reason.Provision(strings.ToLower(why))
	if code == "" {
		return false
	}
	x := found.add(code, subject, reason.Thing(code, why)).ends(t, why)
	if c != nil {
		x.name = c.Name
	}
	return true
}

// stateOf is what the capture knows of a thing that a task names.
func (s *scene) stateOf(name string) string {
	for _, r := range s.References {
		if r.Name == name {
			return r.State
		}
	}
	return ""
}

// secretTellers word what tasks are not given.
func secretTellers() map[string]teller {
	return map[string]teller{
		reason.NoSecret: func(_ *scene, c *cause) (string, string, bool) {
			return "there is no secret " + or(c.about, "of the name that the task wants"),
				"make it, or correct its ARN in \"secrets\" or \"repositoryCredentials\" of taskdef.json; to see what there is: aws secretsmanager list-secrets --query SecretList[].ARN", true
		},
		reason.SecretShut: func(s *scene, c *cause) (string, string, bool) {
			if s.stateOf(c.about) == "there" {
				c.note("%s is there", c.about)
			}
			who := or(reason.Who(c.quote), "the task's execution role")
			return fmt.Sprintf("role %s may not read %s", who, or(c.about, "what the task wants")),
				fmt.Sprintf("allow it in a policy of role %s: the action that AWS's words name, on %s; berth's own execution role may read the secrets of registries and the parameters under task_parameter_prefix", who, or(c.about, "that resource")), true
		},
		reason.BadKey: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("secret %s does not hold what the task wants of it", or(c.about, "of the task")),
				"compare the key behind the ARN in \"valueFrom\" with the keys of the secret's JSON; a registry's login is {\"username\": …, \"password\": …}", true
		},
		reason.NoParameter: func(_ *scene, c *cause) (string, string, bool) {
			return "there is no parameter " + or(c.about, "of the name that the task wants"),
				"make it, aws ssm put-parameter --type SecureString --name NAME --value …, or correct its name in \"secrets\" of taskdef.json", true
		},
		reason.BadRole: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("ECS cannot assume role %s for the task: it is not there, or does not trust ecs-tasks.amazonaws.com", or(c.about, "of the task definition")),
				"correct \"executionRoleArn\" or \"taskRoleArn\" in taskdef.json (${berth.role.execution} is the cluster's own), or the role's trust policy; to see it: aws iam get-role --role-name " + or(lastOf(c.about), "NAME"), true
		},
		reason.KeyShut: func(_ *scene, c *cause) (string, string, bool) {
			return "the execution role may not decrypt with the key of a secret or parameter",
				"allow kms:Decrypt on that key, in the role's policy and in the key's own; to find the key: aws secretsmanager describe-secret --secret-id ARN --query KmsKeyId", true
		},
		reason.NoWay: func(_ *scene, c *cause) (string, string, bool) {
			return "the instances have no way to Secrets Manager or Systems Manager, so the task does not get its secrets",
				"give the zone a NAT gateway (nat = \"per_az\" in ecs.tfvars), or endpoints: vpc_endpoints with \"secretsmanager\", \"ssm\" and \"kms\"", false
		},
		reason.NoLogGroup: func(_ *scene, c *cause) (string, string, bool) {
			return "the log driver of the task cannot begin: the log group is missing, or the role may not write to it",
				"make the log group that \"awslogs-group\" names (berth deploy does when it is missing), and allow logs:CreateLogStream and logs:PutLogEvents", true
		},
		reason.NoInterface: func(_ *scene, c *cause) (string, string, bool) {
			return "the task did not get its network interface", "see whether the subnet has free addresses and the instance free interfaces; an agent that does not answer delays them too: berth why INSTANCE", false
		},
		reason.NoVolume: func(_ *scene, c *cause) (string, string, bool) {
			return "a volume of the task could not be made or mounted",
				"check the file system's id, its mount target in the task's zone, and that its security group lets the instances in on port 2049", false
		},
	}
}
