package ecs

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/secrets"
	"berth/internal/sim/world"
)

func TestDefinitionGetsRevisionsAndDefaults(t *testing.T) {
	s := newStage(t)
	d := s.definition()
	s.equal(*d.TaskDefinitionArn, "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1")
	c := d.ContainerDefinitions[0]
	s.equal([]any{d.Status, d.Revision, d.NetworkMode, *c.Essential, c.PortMappings[0].Protocol, *c.PortMappings[0].HostPort, d.Compatibilities}, "[ACTIVE 1 bridge true tcp 0 [EXTERNAL EC2]]")
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
		in.Cpu, in.Memory = aws.String("0.5 vCPU"), aws.String("1 GB")
	})
	look := func(name string) (*types.TaskDefinition, error) {
		out, err := definition.DescribeTaskDefinition(s.Call, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(name)})
		if err != nil {
			return nil, err
		}
		return out.TaskDefinition, nil
	}
	two, err := look("web")
	s.equal([]any{must(s, two, err).Revision, *two.Cpu, *two.Memory}, "[2 512 1024]")
	drop := func(name string) error {
		_, err := definition.DeregisterTaskDefinition(s.Call, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String(name)})
		return err
	}
	s.refused(drop("web"), "InvalidParameterException", "Revision")
	must(s, 0, drop(*two.TaskDefinitionArn))
	s.refused(drop("web:2"), "ClientException", "inactive")
	one, err := look("web")
	s.equal(must(s, one, err).Revision, 1)
	two, err = look("web:2")
	s.equal([]any{must(s, two, err).Status, two.DeregisteredAt != nil}, "[INACTIVE true]")
	must(s, 0, drop("web:1"))
	for _, name := range []string{"web", "none", "web:7", "arn:aws:ecs:eu-west-1:123456789012:cluster/web"} {
		_, err = look(name)
		s.refused(err, "ClientException", "Unable to describe task definition.")
	}
	s.equal(s.definition().Revision, 3)
	s.cluster()
	s.refused(s.create(1, func(in *ecs.CreateServiceInput) { in.TaskDefinition = aws.String("web:2") }), "ClientException", "inactive")
}

func TestDefinitionsAndFamiliesAreListed(t *testing.T) {
	s := newStage(t)
	name := func(f string) func(*ecs.RegisterTaskDefinitionInput) {
		return func(in *ecs.RegisterTaskDefinitionInput) { in.Family = aws.String(f) }
	}
	for range 11 {
		s.definition()
	}
	s.definition(name("api"))
	s.definition(name("web2"))
	_, err := definition.DeregisterTaskDefinition(s.Call, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String("api:1")})
	must(s, 0, err)
	list := func(in ecs.ListTaskDefinitionsInput) *ecs.ListTaskDefinitionsOutput {
		out, err := definition.ListTaskDefinitions(s.Call, &in)
		return must(s, out, err)
	}
	all := list(ecs.ListTaskDefinitionsInput{}).TaskDefinitionArns
	s.equal([]any{len(all), nameOf(all[0]), nameOf(all[10]), nameOf(all[11])}, "[12 web:1 web:11 web2:1]")
	first := list(ecs.ListTaskDefinitionsInput{MaxResults: aws.Int32(2), Sort: types.SortOrderDesc, FamilyPrefix: aws.String("web")})
	s.equal(nameOf(first.TaskDefinitionArns[0])+nameOf(first.TaskDefinitionArns[1]), "web:11web:10")
	next := list(ecs.ListTaskDefinitionsInput{MaxResults: aws.Int32(100), Sort: types.SortOrderDesc, FamilyPrefix: aws.String("web"), NextToken: first.NextToken})
	s.equal(len(next.TaskDefinitionArns), 9)
	s.equal(len(list(ecs.ListTaskDefinitionsInput{Status: types.TaskDefinitionStatusInactive}).TaskDefinitionArns), 1)
	families := func(status types.TaskDefinitionFamilyStatus, prefix string) []string {
		out, err := definition.ListTaskDefinitionFamilies(s.Call, &ecs.ListTaskDefinitionFamiliesInput{Status: status, FamilyPrefix: aws.String(prefix)})
		return must(s, out, err).Families
	}
	s.equal([]any{families("", ""), families("ACTIVE", ""), families("INACTIVE", ""), families("ALL", "web")}, "[[api web web2] [web web2] [api] [web web2]]")
}

func TestBadDefinitionsAreRefused(t *testing.T) {
	s := newStage(t)
	type in = ecs.RegisterTaskDefinitionInput
	first := func(change func(*types.ContainerDefinition)) func(*in) {
		return func(i *in) { change(&i.ContainerDefinitions[0]) }
	}
	tests := map[string]struct {
		change     func(*in)
		code, text string
	}{
		"no family":     {func(i *in) { i.Family = nil }, "ClientException", "Family"},
		"bad family":    {func(i *in) { i.Family = aws.String("a/b") }, "ClientException", "Family"},
		"no containers": {func(i *in) { i.ContainerDefinitions = nil }, "ClientException", "Container list cannot be empty."},
		"eleven":        {func(i *in) { i.ContainerDefinitions = slices.Repeat(i.ContainerDefinitions, 11) }, "ClientException", "10"},
		"twins":         {func(i *in) { i.ContainerDefinitions = slices.Repeat(i.ContainerDefinitions, 2) }, "ClientException", "unique"},
		"no image":      {first(func(c *types.ContainerDefinition) { c.Image = nil }), "ClientException", "Container.image should not be null or empty."},
		"no name":       {first(func(c *types.ContainerDefinition) { c.Name = nil }), "ClientException", "Container.name"},
		"no memory":     {first(func(c *types.ContainerDefinition) { c.Memory = nil }), "ClientException", "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified."},
		"tiny":          {first(func(c *types.ContainerDefinition) { c.Memory = aws.Int32(2) }), "ClientException", "6 MiB"},
		"soft over":     {first(func(c *types.ContainerDefinition) { c.MemoryReservation = aws.Int32(600) }), "ClientException", "memoryReservation"},
		"not essential": {first(func(c *types.ContainerDefinition) { c.Essential = aws.Bool(false) }), "ClientException", "essential"},
		"port":          {first(func(c *types.ContainerDefinition) { c.PortMappings[0].ContainerPort = aws.Int32(70000) }), "ClientException", "65535"},
		"host port": {func(i *in) {
			i.NetworkMode = "host"
			i.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(8080)
		}, "ClientException", "must match"},
		"none": {func(i *in) { i.NetworkMode = "none" }, "ClientException", "not allowed"},
		"mode": {func(i *in) { i.NetworkMode = "nat" }, "ClientException", "Network mode"},
		"twice": {first(func(c *types.ContainerDefinition) {
			p := types.PortMapping{ContainerPort: aws.Int32(80), HostPort: aws.Int32(80)}
			c.PortMappings = []types.PortMapping{p, p}
		}), "ClientException", "more than once"},
		"volume": {first(func(c *types.ContainerDefinition) {
			c.MountPoints = []types.MountPoint{{SourceVolume: aws.String("v")}}
		}), "ClientException", "Unknown volume 'v'."},
		"depends": {first(func(c *types.ContainerDefinition) {
			c.DependsOn = []types.ContainerDependency{{ContainerName: aws.String("x")}}
		}), "ClientException", "depends"},
		"health": {first(func(c *types.ContainerDefinition) {
			c.HealthCheck = &types.HealthCheck{Command: []string{"CMD"}, Interval: aws.Int32(1)}
		}), "ClientException", "interval"},
		"cpu":                           {func(i *in) { i.Cpu = aws.String("much") }, "ClientException", "cpu"},
		"sum":                           {func(i *in) { i.Memory = aws.String("256") }, "ClientException", "memory"},
		"fargate":                       {func(i *in) { i.RequiresCompatibilities = []types.Compatibility{"FARGATE"} }, "UnsupportedFeatureException", "FARGATE"},
		"question mark":                 {func(i *in) { i.ContainerDefinitions[0].Image = aws.String("nginx?boot=1s") }, "ClientException", "Container.image contains invalid characters."},
		"program":                       {func(i *in) { i.ContainerDefinitions[0].Image = aws.String("berth.sim/web?boots=1s") }, "ClientException", `Invalid setting for container 'web'. the image berth.sim/web has the key "boots": there is no such key.`},
		"health of one without a check": {func(i *in) { image("web", "side")(i); after("HEALTHY")(i) }, "ClientException", "which has no health check"},
		"end of an essential one": {func(i *in) {
			image("web", "side")(i)
			after("SUCCESS")(i)
			i.ContainerDefinitions[1].Essential = nil
		}, "ClientException", "which is essential"},
		"unknown condition": {func(i *in) { image("web", "side")(i); after("READY")(i) }, "ClientException", "condition 'READY' is invalid"},
		"circle": {func(i *in) {
			image("web", "side")(i)
			after("START")(i)
			i.ContainerDefinitions[1].DependsOn = []types.ContainerDependency{{ContainerName: aws.String("web"), Condition: "START"}}
		}, "ClientException", "circular"},
		"restart period": {func(i *in) {
			i.ContainerDefinitions[0].RestartPolicy = &types.ContainerRestartPolicy{Enabled: aws.Bool(true), RestartAttemptPeriod: aws.Int32(59)}
		}, "ClientException", "restartAttemptPeriod must be between 60 and 1800"},
		"start period": {func(i *in) { check(i); i.ContainerDefinitions[0].HealthCheck.StartPeriod = aws.Int32(301) }, "ClientException", "startPeriod must be between 0 and 300"},
		"external":     {func(i *in) { i.NetworkMode = "awsvpc"; i.RequiresCompatibilities = []types.Compatibility{"EXTERNAL"} }, "ClientException", "EXTERNAL"},
		"long":         {first(func(c *types.ContainerDefinition) { c.Command = []string{fmt.Sprintf("%070000d", 1)} }), "ClientException", "Max allowed length is '65536' bytes."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i := webDefinition()
			test.change(i)
			_, err := definition.RegisterTaskDefinition(s.Call, i)
			s.refused(err, test.code, test.text)
		})
	}
	s.equal(s.definition().Revision, 1)
}

func TestDefinitionSaysWhatItNeedsOfAnInstance(t *testing.T) {
	s := newStage(t)
	d := s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
		in.TaskRoleArn, in.ExecutionRoleArn = aws.String("arn:aws:iam::123456789012:role/t"), aws.String("arn:aws:iam::123456789012:role/e")
		c := &in.ContainerDefinitions[0]
		c.Privileged, c.MemoryReservation = aws.Bool(true), aws.Int32(100)
		c.Image = aws.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1")
		c.LogConfiguration = &types.LogConfiguration{LogDriver: types.LogDriverAwslogs}
		c.Secrets = []types.Secret{{Name: aws.String("A"), ValueFrom: aws.String("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a")}}
	})
	var names []string
	for _, a := range d.RequiresAttributes {
		names = append(names, *a.Name)
	}
	for _, want := range []string{
		definition.OldPrefix + "privileged-container", definition.OldPrefix + "docker-remote-api.1.21", definition.OldPrefix + "ecr-auth", definition.NewPrefix + "execution-role-ecr-pull",
		definition.OldPrefix + "logging-driver.awslogs", definition.NewPrefix + "execution-role-awslogs", definition.NewPrefix + "secrets.asm.environment-variables", definition.OldPrefix + "task-iam-role",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not required", want)
		}
	}
	must(s, 0, secrets.Keep(s.World, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf"))
	role := &world.Role{Name: "e", ARN: "arn:aws:iam::123456789012:role/e"}
	role.Inline.Put("a", &world.InlinePolicy{Name: "a", Document: `{"Statement":{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}}`})
	s.IAM.Roles.Put("e", role)
	s.IAM.Roles.Put("t", &world.Role{Name: "t", ARN: "arn:aws:iam::123456789012:role/t"})
	s.cluster()
	s.group("web", 1, shop)
	must(s, 0, s.create(1))
	s.steady("api")
	s.equal(s.service("api").RunningCount, 1)
}

func TestDeletedDefinitionsGoWhenNothingRefersToThem(t *testing.T) {
	s := newStage(t)
	s.cluster()
	for range 3 {
		s.definition()
	}
	drop := func(names ...string) *ecs.DeleteTaskDefinitionsOutput {
		out, err := definition.DeleteTaskDefinitions(s.Call, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: names})
		return must(s, out, err)
	}
	state := func(name string) string {
		d, ok := s.Region.ECS.Definitions.Get(name)
		if !ok {
			return "gone"
		}
		return d.Status
	}
	s.equal(*drop("web:1").Failures[0].Reason, "The specified task definition is still in ACTIVE status. Please deregister the target and try again.")
	must(s, 0, s.create(0, func(in *ecs.CreateServiceInput) { in.TaskDefinition = aws.String("web:2") }))
	for _, name := range []string{"web:1", "web:2", "web:3"} {
		_, err := definition.DeregisterTaskDefinition(s.Call, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String(name)})
		must(s, 0, err)
	}
	out := drop("web:1", "web:2", "web:3", "web:9", "web")
	s.equal([]any{len(out.TaskDefinitions), out.TaskDefinitions[0].Status, len(out.Failures), *out.Failures[0].Arn}, "[3 DELETE_IN_PROGRESS 2 web:9]")
	s.equal([]any{state("web:1"), state("web:2")}, "[DELETE_IN_PROGRESS DELETE_IN_PROGRESS]")
	s.Advance(5 * time.Minute)
	s.equal([]any{state("web:1"), state("web:2"), state("web:3")}, "[gone DELETE_IN_PROGRESS gone]")
	_, err := DeleteService(s.Call, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("api"), Force: aws.Bool(true)})
	must(s, 0, err)
	s.Advance(2 * time.Hour)
	s.equal(state("web:2"), "gone")
	families, err := definition.ListTaskDefinitionFamilies(s.Call, &ecs.ListTaskDefinitionFamiliesInput{})
	s.equal(must(s, families, err).Families, "[]")
	s.equal(s.definition().Revision, 4)
	_, err = definition.DeleteTaskDefinitions(s.Call, &ecs.DeleteTaskDefinitionsInput{})
	s.refused(err, "InvalidParameterException", "blank")
	_, err = definition.DeleteTaskDefinitions(s.Call, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: make([]string, 11)})
	s.refused(err, "InvalidParameterException", "10")
}
