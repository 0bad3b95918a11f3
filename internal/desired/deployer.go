package desired

import (
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// deployerRole may deploy services into this cluster, run tasks in it, and look at what comes of it. It may pass on the
// cluster's own roles and no other, and only to tasks. Actions without a resource type stand on "*", those that take the
// condition with the cluster in it (Service Authorization Reference, Amazon ECS).
func (b *builder) deployerRole() model.Role {
	r := model.Role{
		What: "deployer", Name: b.scope.RoleName("deployer"), Path: b.scope.RolePath(),
		Description: "deploys services into ECS cluster " + b.scope.ClusterName(), Trust: b.deployerTrust(), Tags: b.tags(model.RoleKey("deployer")),
	}
	r.Inline = []model.Policy{{Name: "deploy", Document: document(slices.Concat(b.deployServices(), b.runTasks(), b.passRoles(), b.watchDeployments(), b.provideServices())...)}}
	return r
}

// deployerTrust lets in whom the file names.
func (b *builder) deployerTrust() string {
	s := statement{Effect: "Allow", Action: []string{"sts:AssumeRole"}}
	switch d := b.c.Deployer; {
	case d.Provider != "":
		host := d.ProviderHost()
		s.Principal, s.Action = map[string]string{"Federated": d.Provider}, []string{"sts:AssumeRoleWithWebIdentity"}
		sorted := slices.Sorted(slices.Values(d.Subjects))
		subjects := map[string]any{host + ":sub": sorted}
		audience := map[string]any{host + ":aud": d.Audience}
		if slices.ContainsFunc(d.Subjects, config.Wildcard) {
			s.Condition = conditions{"StringEquals": audience, "StringLike": subjects}
			break
		}
		audience[host+":sub"] = sorted
		s.Condition = conditions{"StringEquals": audience}
	case d.Account != "":
		s.Principal = map[string]string{"AWS": "arn:" + b.scope.Partition + ":iam::" + d.Account + ":root"}
		if d.ExternalID != "" {
			s.Condition = conditions{"StringEquals": {"sts:ExternalId": d.ExternalID}}
		}
	default:
		s.Principal = map[string][]string{"AWS": slices.Sorted(slices.Values(d.Principals))}
	}
	return document(s)
}

// here is the condition that a call is about this cluster.
func (b *builder) here() conditions {
	return conditions{"ArnEquals": {"ecs:cluster": b.arn("ecs", "cluster/"+b.scope.ClusterName())}}
}

func (b *builder) deployServices() []statement {
	cluster := b.scope.ClusterName()
	return []statement{
		{
			Sid: "Definitions", Effect: "Allow", Resource: []string{"*"},
			Action: []string{"ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitionFamilies", "ecs:ListTaskDefinitions", "ecs:RegisterTaskDefinition"},
		},
		{
			Sid: "Services", Effect: "Allow", Resource: []string{b.arn("ecs", "service/"+cluster+"/*")}, Condition: b.here(),
			Action: []string{"ecs:CreateService", "ecs:DeleteService", "ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"},
		},
		{
			Sid: "Deployments", Effect: "Allow", // which AWS evaluates on their service too
			Resource: []string{
				b.arn("ecs", "service/"+cluster+"/*"), b.arn("ecs", "service-deployment/"+cluster+"/*"), b.arn("ecs", "service-revision/"+cluster+"/*"),
			},
			Action: []string{"ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions", "ecs:StopServiceDeployment"},
		},
		{
			Sid: "Cluster", Effect: "Allow", Resource: []string{b.arn("ecs", "cluster/"+cluster)}, Action: []string{"ecs:DescribeClusters"},
		},
		{
			Sid: "Lists", Effect: "Allow", Resource: []string{"*"}, Condition: b.here(), Action: []string{"ecs:ListServices", "ecs:ListTasks"},
		},
		{
			Sid: "Tags", Effect: "Allow", Action: []string{"ecs:TagResource"},
			Resource: []string{
				b.arn("ecs", "service/"+cluster+"/*"), b.arn("ecs", "task-definition/*:*"), b.arn("ecs", "task/"+cluster+"/*"),
			},
			Condition: conditions{"StringEquals": {"ecs:CreateAction": []string{"CreateService", "RegisterTaskDefinition", "RunTask"}}},
		},
	}
}

func (b *builder) runTasks() []statement {
	return []statement{
		{
			Sid: "Run", Effect: "Allow", Resource: []string{b.arn("ecs", "task-definition/*:*")}, Condition: b.here(), Action: []string{"ecs:RunTask"},
		},
		{
			Sid: "Tasks", Effect: "Allow", Resource: []string{b.arn("ecs", "task/"+b.scope.ClusterName()+"/*")}, Condition: b.here(),
			Action: []string{"ecs:DescribeTasks", "ecs:StopTask"},
		},
	}
}

// passRoles are the cluster's roles for tasks, and roles that others make for its services under the same beginning.
func (b *builder) passRoles() []statement {
	iam := "arn:" + b.scope.Partition + ":iam::" + b.scope.Account + ":role" + b.scope.RolePath()
	roles := []string{iam + b.scope.Mark() + "_" + b.scope.Region + "_*"}
	for _, what := range []string{"execution", "task"} {
		if name := b.scope.RoleName(what); name != b.scope.Mark()+"_"+b.scope.Region+"_"+what {
			roles = append(roles, iam+name) // it was cut
		}
	}
	return []statement{{
		Sid: "Roles", Effect: "Allow", Resource: roles, Action: []string{"iam:PassRole"},
		Condition: conditions{"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
	}}
}

// watchDeployments is what tells how a deployment goes: where requests are sent, and what the instances log.
func (b *builder) watchDeployments() []statement {
	return []statement{
		{
			Sid: "Balancing", Effect: "Allow", Resource: []string{"*"},
			Action: []string{
				"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeRules",
				"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
			},
		},
		{
			Sid: "Logs", Effect: "Allow", Resource: []string{b.arn("logs", "log-group:"+b.c.LogPrefix+"/*")},
			Action: []string{"logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"},
		},
	}
}
