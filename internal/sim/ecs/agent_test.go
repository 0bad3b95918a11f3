package ecs

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

func attributeOf(i *world.ContainerInstance, name string) string {
	for _, a := range i.Attributes {
		if a.Name == name {
			return "=" + a.Value
		}
	}
	return ""
}

func TestInstanceRegistersWithItsResourcesAttributesAndTags(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 1, `#!/bin/bash
# ECS_CLUSTER=wrong
cat <<'END' >> /etc/ecs/ecs.config
ECS_CLUSTER=shop
ECS_INSTANCE_ATTRIBUTES={"workload": "batch", "color": "red"}
ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance
ECS_RESERVED_MEMORY=256
ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]
ECS_DISABLE_PRIVILEGED=true
ECS_AWSVPC_BLOCK_IMDS=true
END
`)
	out, err := ListContainerInstances(s.Call, &ecs.ListContainerInstancesInput{Cluster: aws.String("shop")})
	arns := must(s, out, err).ContainerInstanceArns
	s.equal(len(arns), 1)
	if !strings.HasPrefix(arns[0], "arn:aws:ecs:eu-west-1:123456789012:container-instance/shop/") {
		t.Error(arns[0])
	}
	d, err := DescribeContainerInstances(s.Call, &ecs.DescribeContainerInstancesInput{
		Cluster: aws.String("shop"), ContainerInstances: append(arns, "gone"), Include: []types.ContainerInstanceField{types.ContainerInstanceFieldTags},
	})
	v := must(s, d, err).ContainerInstances[0]
	s.equal(*d.Failures[0].Reason+*d.Failures[0].Arn, "MISSINGarn:aws:ecs:eu-west-1:123456789012:container-instance/shop/gone")
	s.equal(*v.Status, "ACTIVE")
	s.equal(v.AgentConnected, true)
	s.equal(*v.Tags[0].Key+*v.Tags[0].Value, "teama")
	s.equal(len(v.Tags), 1)
	resources := map[string]int32{}
	for _, r := range v.RegisteredResources {
		resources[*r.Name] = r.IntegerValue
	}
	s.equal(resources["CPU"], 2048)
	if m := resources["MEMORY"]; m < 3500 || m > 3700 {
		t.Errorf("%d MiB of memory", m)
	}
	s.equal(v.RegisteredResources[2].StringSetValue, "[22 2375 2376 51678 51679]")
	i := s.instances()[0]
	s.equal(attributeOf(i, "workload")+attributeOf(i, "color"), "=batch=red")
	s.equal(attributeOf(i, "ecs.availability-zone")+attributeOf(i, "ecs.instance-type")+attributeOf(i, "ecs.subnet-id"), "=eu-west-1a=t3.medium="+*s.subnet)
	s.equal(attributeOf(i, "ecs.os-type")+attributeOf(i, "ecs.os-family")+attributeOf(i, "ecs.cpu-architecture"), "=linux=LINUX=x86_64")
	s.equal(attributeOf(i, definition.OldPrefix+"logging-driver.awslogs"), "=")
	s.equal(attributeOf(i, definition.OldPrefix+"logging-driver.syslog")+attributeOf(i, definition.OldPrefix+"privileged-container"), "")
	s.equal(attributeOf(i, definition.NewPrefix+"task-eni-block-instance-metadata"), "=")
	s.equal(attributeOf(i, definition.OldPrefix+"docker-remote-api.1.44"), "=")
	s.equal(*v.VersionInfo.DockerVersion, "DockerVersion: "+i.DockerVersion)
	if !strings.HasPrefix(i.AgentVersion, "1.10") {
		t.Error(i.AgentVersion)
	}
	s.equal(s.describe().RegisteredContainerInstancesCount, 1)
}

func TestUserDataIsReadAsTheImageReadsIt(t *testing.T) {
	tests := map[string]struct{ path, data, cluster, attribute string }{
		"script":             {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "#!/bin/sh\necho ECS_CLUSTER=shop >> f\n", "shop", ""},
		"quoted":             {"/aws/service/ecs/optimized-ami/amazon-linux-2", "#!/bin/sh\necho \"ECS_CLUSTER=shop\" >> f; echo 'ECS_INSTANCE_ATTRIBUTES={\"a\":\"b\"}' >> f\n", "shop", "b"},
		"escaped":            {"/aws/service/ecs/optimized-ami/amazon-linux-2", "#!/bin/sh\necho ECS_CLUSTER=shop >> f\necho ECS_INSTANCE_ATTRIBUTES={\\\"a\\\": \\\"b\\\"} >> f\n", "shop", "b"},
		"last one holds":     {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "#!/bin/sh\necho ECS_CLUSTER=old >> f\necho ECS_CLUSTER=shop >> f\n", "shop", ""},
		"parts":              {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\necho ECS_CLUSTER=shop > f\n--x--", "shop", ""},
		"no script":          {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "ECS_CLUSTER=shop\n", "default", ""},
		"nothing":            {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "#!/bin/sh\n", "default", ""},
		"toml":               {"/aws/service/bottlerocket/aws-ecs-2/x86_64", "[settings.host]\ncluster = \"no\"\n[settings.ecs]\ncluster = \"shop\"\n[settings.ecs.instance-attributes]\na = \"b\"\n", "shop", "b"},
		"toml, quoted":       {"/aws/service/bottlerocket/aws-ecs-2/x86_64", "settings.ecs.cluster = 'shop'\nsettings.ecs.instance-attributes = { \"a\" = \"b\" }\n", "shop", "b"},
		"toml, no cluster":   {"/aws/service/bottlerocket/aws-ecs-2/x86_64", "[settings.kernel]\nlockdown = \"integrity\"\n", "default", ""},
		"toml on a script's": {"/aws/service/ecs/optimized-ami/amazon-linux-2023", "[settings.ecs]\ncluster = \"shop\"\n", "default", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.path = test.path
			s.cluster()
			s.group("web", 1, test.data)
			row, ok := s.Region.ECS.Clusters.Get(test.cluster)
			if !ok || row.Instances.Len() != 1 {
				t.Fatalf("nobody registered in %s", test.cluster)
			}
			for i := range row.Instances.Rows() {
				s.equal(strings.TrimPrefix(attributeOf(i, "a"), "="), test.attribute)
			}
		})
	}
}

func TestBottlerocketNeverJoinsWithSettingsThatItDoesNotTake(t *testing.T) {
	for data, want := range map[string]string{
		"#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config\n": "TOML parse error at line 2: expected `.`, `=`",
		"[settings.ecs]\ncluster = shop\n":                            "TOML parse error at line 2: string values must be quoted, expected literal string",
		"[settings.ecs]\ncluster = \"shop\"\nshell = true\n":          "unknown field `settings.ecs.shell`",
		"[settings.ecs]\ncluster = 7\n":                               "invalid type for `settings.ecs.cluster`, expected a text",
		"[settings.ecs]\n[settings.ecs]\ncluster = \"shop\"\n":        "TOML parse error at line 2: duplicate key `settings.ecs`",
	} {
		s := newStage(t)
		s.path = "/aws/service/bottlerocket/aws-ecs-2/x86_64"
		s.cluster()
		s.group("web", 1, data)
		s.Advance(2 * time.Hour)
		s.equal(len(s.instances()), 0)
		s.equal(s.agent().LastError, want)
		if _, made := s.Region.ECS.Clusters.Get("default"); made {
			t.Error("it joined another cluster")
		}
	}
}

func TestAgentWaitsForAWayOutAndForItsRole(t *testing.T) {
	s := newStage(t)
	s.cluster()
	gateway := s.cut()
	s.group("web", 1, shop)
	s.equal(len(s.instances()), 0)
	s.equal(s.agent().LastError, "dial tcp: ecs.eu-west-1.amazonaws.com: i/o timeout")
	s.Advance(10 * time.Minute)
	run[awsec2.CreateRouteOutput](s, ec2.Operations(), "CreateRoute", &awsec2.CreateRouteInput{
		RouteTableId: s.table, GatewayId: gateway, DestinationCidrBlock: aws.String("0.0.0.0/0"),
	})
	s.Advance(4 * time.Minute)
	s.equal(len(s.instances()), 1)
}

// cut takes the subnet's way out, and gives the gateway that was it.
func (s *stage) cut() *string {
	s.t.Helper()
	run[awsec2.DeleteRouteOutput](s, ec2.Operations(), "DeleteRoute", &awsec2.DeleteRouteInput{RouteTableId: s.table, DestinationCidrBlock: aws.String("0.0.0.0/0")})
	for id := range s.Region.EC2.InternetGateways.All() {
		return &id
	}
	s.t.Fatal("no gateway")
	return nil
}

func (s *stage) agent() *world.ECSAgent {
	s.t.Helper()
	for a := range s.Region.ECS.Agents.Rows() {
		return a
	}
	s.t.Fatal("no agent")
	return nil
}

func TestAgentGivesUpAfterAnHour(t *testing.T) {
	s := newStage(t)
	s.group("web", 1, shop)
	s.Advance(3 * time.Hour)
	a := s.agent()
	s.equal(a.LastError, "ClientException: Cluster not found.")
	if a.Tries < 15 || a.Tries > 30 {
		t.Errorf("%d tries", a.Tries)
	}
	if _, ok := s.NextEvent(); ok {
		t.Error("the agent still tries")
	}
}

func TestAgentWithoutARoleDoesNotRegister(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 1, shop).Suspended = []world.SuspendedProcess{{Name: "HealthCheck"}}
	s.equal(len(s.instances()), 1)
	profile, _ := s.IAM.Profiles.Get("nodes")
	profile.Roles = nil
	ec2.Stop(s.World, s.Region, s.instances()[0].EC2ID)
	s.Advance(time.Minute)
	must(s, 0, ec2.Start(s.World, s.Region, s.instances()[0].EC2ID))
	s.Advance(2 * time.Minute)
	s.equal(s.instances()[0].AgentConnected, false)
	if e := s.agent().LastError; !strings.Contains(e, "NoCredentialProviders") {
		t.Error(e)
	}
	profile.Roles = []string{"nodes"}
	s.Advance(5 * time.Minute)
	s.equal(s.instances()[0].AgentConnected, true)
	s.equal(len(s.instances()), 1)
}

func TestTerminatedInstanceIsDeregisteredUnlessItsAgentWasCutOff(t *testing.T) {
	s := newStage(t)
	s.cluster()
	g := s.group("web", 2, shop)
	g.Suspended = []world.SuspendedProcess{{Name: "Launch"}, {Name: "ReplaceUnhealthy"}}
	all := s.instances()
	s.equal(len(all), 2)
	ec2.Stop(s.World, s.Region, all[0].EC2ID)
	s.Advance(2 * time.Minute)
	ec2.Terminate(s.World, s.Region, all[0].EC2ID)
	ec2.Terminate(s.World, s.Region, all[1].EC2ID)
	s.Advance(2 * time.Minute)
	s.equal([]any{all[0].Status, all[0].AgentConnected, all[1].Status}, "[ACTIVE false INACTIVE]")
	s.equal(s.describe().RegisteredContainerInstancesCount, 1)
	s.Advance(2 * time.Hour)
	s.equal(len(s.instances()), 1)
	_, err := DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{Cluster: aws.String("shop"), ContainerInstance: aws.String(all[0].ID)})
	must(s, 0, err)
	s.equal(s.describe().RegisteredContainerInstancesCount, 0)
}
