package desired

import (
	"encoding/json"
	"slices"
	"strings"

	"berth/internal/model"
)

// statement is one statement of a policy document.
type statement struct {
	Sid       string   `json:",omitempty"`
	Effect    string   `json:",omitempty"`
	Principal any      `json:",omitempty"`
	Action    []string `json:",omitempty"`
	Resource  []string `json:",omitempty"`
	Condition any      `json:",omitempty"` // by operator and key: a text, or a list of which one must fit
}

// document is a policy as canonical JSON.
func document(statements ...statement) string {
	b, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return model.CanonicalJSON(string(b))
}

// trust lets an AWS service take a role; for ECS tasks and flow logs only on behalf of this account (IAM user guide, "The
// confused deputy problem").
func (b *builder) trust(service string) string {
	s := statement{Effect: "Allow", Principal: map[string]string{"Service": service}, Action: []string{"sts:AssumeRole"}}
	if service == "ecs-tasks.amazonaws.com" || service == "vpc-flow-logs.amazonaws.com" {
		s.Condition = map[string]map[string]string{"StringEquals": {"aws:SourceAccount": b.scope.Account}}
	}
	return document(s)
}

func (b *builder) arn(service, resource string) string {
	return "arn:" + b.scope.Partition + ":" + service + ":" + b.scope.Region + ":" + b.scope.Account + ":" + resource
}

func (b *builder) managed(name string) string {
	return "arn:" + b.scope.Partition + ":iam::aws:policy/" + name
}

func (b *builder) roles() []model.Resource {
	out := []model.Resource{b.instanceRole(), b.executionRole(), b.taskRole()}
	if b.c.Deployer.On() {
		out = append(out, b.deployerRole())
	}
	return append(out, b.flowLogRole()...)
}

func (b *builder) role(what, description, service string) model.Role {
	return model.Role{
		What: what, Name: b.scope.RoleName(what), Path: b.scope.RolePath(), Description: description, Trust: b.trust(service),
		Tags: b.tags(model.RoleKey(what)),
	}
}

// instanceRole is what the instances may do: join the cluster, pull images, be reached by Session Manager, ship their
// own logs.
func (b *builder) instanceRole() model.Role {
	r := b.role("instance", "instances of ECS cluster "+b.scope.ClusterName(), "ec2.amazonaws.com")
	r.Managed = []string{b.managed("AmazonSSMManagedInstanceCore"), b.managed("service-role/AmazonEC2ContainerServiceforEC2Role")}
	r.Inline = []model.Policy{{Name: "logs", Document: document(statement{
		Effect: "Allow", Action: []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
		Resource: []string{b.arn("logs", "log-group:"+b.c.LogPrefix+"/var/log/*")},
	})}, {Name: "tags", Document: document(statement{
		Effect: "Allow", Action: []string{"ec2:DescribeTags"}, Resource: []string{"*"},
	})}}
	return r
}

// executionRole is what ECS may do to start a task: pull from ECR, write its log stream, hand it parameters as secrets.
func (b *builder) executionRole() model.Role {
	r := b.role("execution", "starts tasks of ECS cluster "+b.scope.ClusterName(), "ecs-tasks.amazonaws.com")
	r.Managed = []string{b.managed("service-role/AmazonECSTaskExecutionRolePolicy")}
	if s := b.secretStatements(); len(s) > 0 {
		r.Inline = append(r.Inline, model.Policy{Name: "system-containers", Document: document(s...)})
	}
	r.Inline = append(r.Inline, b.parameters()...)
	return r
}

// secretStatements let ECS read the secrets and parameters that system containers name, and no other. Behind the name of a
// secret its ARN may pick a value and a version, which is no part of what IAM knows (ECS API reference, Secret).
func (b *builder) secretStatements() []statement {
	var secrets, parameters []string
	for _, c := range b.c.SystemContainers {
		for _, s := range c.Secrets {
			parts := strings.SplitN(s.Value, ":", 8)
			if parts[2] == "ssm" {
				parameters = append(parameters, s.Value)
			} else {
				secrets = append(secrets, strings.Join(parts[:7], ":"))
			}
		}
	}
	var out []statement
	for _, part := range []struct {
		action    string
		resources []string
	}{{"secretsmanager:GetSecretValue", secrets}, {"ssm:GetParameters", parameters}} {
		if slices.Sort(part.resources); len(part.resources) > 0 {
			out = append(out, statement{Effect: "Allow", Action: []string{part.action}, Resource: slices.Compact(part.resources)})
		}
	}
	return out
}

// taskRole is what a task may do that brings no role of its own: read the parameters that the file names, if any.
func (b *builder) taskRole() model.Role {
	r := b.role("task", "default role of tasks of ECS cluster "+b.scope.ClusterName(), "ecs-tasks.amazonaws.com")
	r.Inline = append(r.Inline, b.parameters()...)
	return r
}

// parameters lets a role read what lies under a path of the Parameter Store. ssm:DescribeParameters is not among it: it
// knows no paths, would list the names of all parameters of the account, and neither ECS nor the SDKs need it. The AWS
// managed key needs no right of its own; one of the account's keys opens nothing but these parameters, and only for the
// Parameter Store (Systems Manager user guide, "AWS KMS encryption for Parameter Store SecureString parameters").
func (b *builder) parameters() []model.Policy {
	if b.c.ParameterPrefix == "" {
		return nil
	}
	path := b.arn("ssm", "parameter/"+b.c.ParameterPrefix)
	return []model.Policy{{Name: "parameters", Document: document(statement{
		Effect: "Allow", Action: []string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"}, Resource: []string{path, path + "/*"},
	}, statement{
		Effect: "Allow", Action: []string{"kms:Decrypt"}, Resource: []string{b.arn("kms", "key/*")},
		Condition: conditions{
			"StringEquals": {"kms:ViaService": "ssm." + b.scope.Region + "." + b.domain()},
			"StringLike":   {"kms:EncryptionContext:PARAMETER_ARN": path + "/*"},
		},
	})}}
}

// conditions are those of a statement, by operator and key.
type conditions map[string]map[string]any

// domain is where the services of the partition live.
func (b *builder) domain() string {
	switch b.scope.Partition {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-eusc":
		return "amazonaws.eu"
	default:
		return "amazonaws.com"
	}
}
