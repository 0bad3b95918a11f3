package desired

import (
	"encoding/json"
	"slices"
	"strings"

	"berth/internal/model"
)

// statement is one statement of a policy document.
type statement struct {
	Sid       string                       `json:",omitempty"`
	Effect    string                       `json:",omitempty"`
	Principal any                          `json:",omitempty"`
	Action    []string                     `json:",omitempty"`
	Resource  []string                     `json:",omitempty"`
	Condition map[string]map[string]string `json:",omitempty"`
}

// document is a policy as canonical JSON.
func document(statements ...statement) string {
	b, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return model.CanonicalJSON(string(b))
}

// trust lets an AWS service take a role; for ECS tasks only on behalf of this account (IAM user guide, "The confused
// deputy problem").
func (b *builder) trust(service string) string {
	s := statement{Effect: "Allow", Principal: map[string]string{"Service": service}, Action: []string{"sts:AssumeRole"}}
	if service == "ecs-tasks.amazonaws.com" {
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
	return []model.Resource{b.instanceRole(), b.executionRole(), b.taskRole()}
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
	r.Inline = inOrder(append(r.Inline, b.readAgentConfig()...))
	return r
}

// inOrder sorts policies by name, which is how they are found.
func inOrder(all []model.Policy) []model.Policy {
	slices.SortFunc(all, func(a, b model.Policy) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// executionRole is what ECS may do to start a task: pull from ECR and with the logins of registries, write its log stream.
func (b *builder) executionRole() model.Role {
	r := b.role("execution", "starts tasks of ECS cluster "+b.scope.ClusterName(), "ecs-tasks.amazonaws.com")
	r.Managed = []string{b.managed("service-role/AmazonECSTaskExecutionRolePolicy")}
	r.Inline = b.readSecrets()
	return r
}

// taskRole is what a task may do that brings no role of its own: nothing.
func (b *builder) taskRole() model.Role {
	return b.role("task", "default role of tasks of ECS cluster "+b.scope.ClusterName(), "ecs-tasks.amazonaws.com")
}
