package access

import (
	"strings"

	"berth/internal/sim/world"
)

// tagsOf are the tags of a resource that stands, by its ARN; none for what does not stand, or cannot be tagged.
func tagsOf(c *world.Call, arn string) world.Tags {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return nil
	}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch parts[2] {
	case "ec2":
		return ec2Tags(&c.Region.EC2, kind, name)
	case "autoscaling":
		return groupTags(c.Region, parts[5])
	case "elasticloadbalancing":
		return balancingTags(c.Region, kind, name, arn)
	case "ecs":
		return ecsTags(c.Region, kind, name)
	case "iam":
		return iamTags(c.World, kind, name[strings.LastIndexByte(name, '/')+1:], arn)
	case "s3":
		bucket, _, _ := strings.Cut(parts[5], "/")
		return of(&c.S3.Buckets, bucket, func(b *world.StorageBucket) world.Tags { return b.Tags })
	case "logs":
		group := strings.TrimSuffix(strings.TrimPrefix(parts[5], "log-group:"), ":*")
		return of(&c.Region.Logs.Groups, group, func(g *world.LogGroup) world.Tags { return g.Tags })
	case "cloudwatch":
		alarm := strings.TrimPrefix(parts[5], "alarm:")
		return of(&c.Region.CloudWatch.Alarms, alarm, func(a *world.MetricAlarm) world.Tags { return a.Tags })
	}
	return messagingTags(c.Region, parts[2], kind, parts[5], arn)
}

// of are the tags of a row; not nil where there is one.
func of[T any](rows *world.Table[T], key string, tags func(*T) world.Tags) world.Tags {
	row, ok := rows.Get(key)
	if !ok {
		return nil
	}
	if t := tags(row); t != nil {
		return t
	}
	return world.Tags{}
}

// missing tells whether a need is on a resource of EC2 that does not stand: then EC2 says that, whatever the caller may do.
func (n need) missing() bool {
	if n.made || service(n.action) != "ec2" || n.resource == "*" {
		return false
	}
	switch n.kind() {
	case "vpc", "subnet", "route-table", "internet-gateway", "elastic-ip", "natgateway", "security-group", "vpc-endpoint", "launch-template",
		"instance", "volume", "vpc-flow-log":
		return tagsOf(n.Call, n.resource) == nil
	}
	return false
}

func ec2Tags(e *world.EC2, kind, id string) world.Tags {
	switch kind {
	case "vpc":
		return of(&e.VPCs, id, func(r *world.VPC) world.Tags { return r.Tags })
	case "subnet":
		return of(&e.Subnets, id, func(r *world.Subnet) world.Tags { return r.Tags })
	case "route-table":
		return of(&e.RouteTables, id, func(r *world.RouteTable) world.Tags { return r.Tags })
	case "internet-gateway":
		return of(&e.InternetGateways, id, func(r *world.InternetGateway) world.Tags { return r.Tags })
	case "elastic-ip":
		return of(&e.Addresses, id, func(r *world.Address) world.Tags { return r.Tags })
	case "natgateway":
		return of(&e.NATGateways, id, func(r *world.NATGateway) world.Tags { return r.Tags })
	case "security-group":
		return of(&e.SecurityGroups, id, func(r *world.SecurityGroup) world.Tags { return r.Tags })
	case "vpc-endpoint":
		return of(&e.Endpoints, id, func(r *world.Endpoint) world.Tags { return r.Tags })
	case "network-interface":
		return of(&e.Interfaces, id, func(r *world.Interface) world.Tags { return r.Tags })
	}
	return computeTags(e, kind, id)
}

func computeTags(e *world.EC2, kind, id string) world.Tags {
	switch kind {
	case "launch-template":
		return of(&e.Templates, id, func(r *world.LaunchTemplate) world.Tags { return r.Tags })
	case "instance":
		return of(&e.Instances, id, func(r *world.Instance) world.Tags { return r.Tags })
	case "volume":
		return of(&e.Volumes, id, func(r *world.Volume) world.Tags { return r.Tags })
	case "security-group-rule":
		return of(&e.Rules, id, func(r *world.SecurityGroupRule) world.Tags { return r.Tags })
	case "vpc-flow-log":
		return of(&e.FlowLogs, id, func(r *world.FlowLog) world.Tags { return r.Tags })
	case "network-acl":
		return of(&e.NetworkACLs, id, func(r *world.NetworkACL) world.Tags { return r.Tags })
	case "dhcp-options":
		return of(&e.DHCPOptions, id, func(r *world.DHCPOptions) world.Tags { return r.Tags })
	case "key-pair":
		for k := range e.KeyPairs.Rows() {
			if k.Name == id {
				return k.Tags
			}
		}
	}
	return nil
}

// vpcOf is the ARN of the VPC that an EC2 resource is in.
func vpcOf(c *world.Call, arn string) (string, bool) {
	kind, id, _ := strings.Cut(arn[strings.LastIndexByte(arn, ':')+1:], "/")
	vpc := ""
	switch e := &c.Region.EC2; kind {
	case "security-group":
		if r, ok := e.SecurityGroups.Get(id); ok {
			vpc = r.VPCID
		}
	case "subnet":
		if r, ok := e.Subnets.Get(id); ok {
			vpc = r.VPCID
		}
	case "route-table":
		if r, ok := e.RouteTables.Get(id); ok {
			vpc = r.VPCID
		}
	}
	return c.ARN("ec2", "vpc/"+vpc), vpc != ""
}

// groupTags are those of an Auto Scaling group; its ARN ends in its name.
func groupTags(r *world.Region, rest string) world.Tags {
	g, ok := r.AutoScaling.Groups.Get(rest[strings.LastIndexByte(rest, '/')+1:])
	if !ok {
		return nil
	}
	var out world.Tags
	for _, t := range g.Tags {
		out = append(out, world.Tag{Key: t.Key, Value: t.Value})
	}
	return out
}

func balancingTags(r *world.Region, kind, name, arn string) world.Tags {
	switch kind {
	case "targetgroup":
		return of(&r.Balancing.TargetGroups, arn, func(t *world.TargetGroup) world.Tags { return t.Tags })
	case "listener":
		return of(&r.Balancing.Listeners, arn, func(l *world.Listener) world.Tags { return l.Tags })
	case "listener-rule":
		return of(&r.Balancing.Rules, arn, func(l *world.ListenerRule) world.Tags { return l.Tags })
	}
	if strings.Contains(name, "/") {
		return of(&r.Balancing.LoadBalancers, arn, func(b *world.LoadBalancer) world.Tags { return b.Tags })
	}
	return of(&r.Balancing.Classics, name, func(b *world.ClassicBalancer) world.Tags { return b.Tags })
}

func ecsTags(r *world.Region, kind, name string) world.Tags {
	of1 := func(k *world.Cluster) world.Tags { return k.Tags }
	switch kind {
	case "cluster":
		return of(&r.ECS.Clusters, name, of1)
	case "capacity-provider":
		return of(&r.ECS.Providers, name, func(p *world.CapacityProvider) world.Tags { return p.Tags })
	case "task-definition":
		return of(&r.ECS.Definitions, name, func(d *world.TaskDefinition) world.Tags { return d.Tags })
	}
	cluster, id, _ := strings.Cut(name, "/")
	k, ok := r.ECS.Clusters.Get(cluster)
	if !ok {
		return nil
	}
	switch kind {
	case "service":
		return of(&k.Services, id, func(s *world.Service) world.Tags { return s.Tags })
	case "task":
		return of(&k.Tasks, id, func(t *world.Task) world.Tags { return t.Tags })
	case "container-instance":
		return of(&k.Instances, id, func(i *world.ContainerInstance) world.Tags { return i.Tags })
	}
	return nil
}

func iamTags(w *world.World, kind, name, arn string) world.Tags {
	switch kind {
	case "role":
		return of(&w.IAM.Roles, name, func(r *world.Role) world.Tags { return r.Tags })
	case "instance-profile":
		return of(&w.IAM.Profiles, name, func(p *world.InstanceProfile) world.Tags { return p.Tags })
	}
	return of(&w.IAM.Policies, arn, func(p *world.Policy) world.Tags { return p.Tags })
}

func messagingTags(r *world.Region, service, kind, name, arn string) world.Tags {
	switch service {
	case "kms":
		return of(&r.KMS.Keys, strings.TrimPrefix(name, "key/"), func(k *world.Key) world.Tags { return k.Tags })
	case "sns":
		return of(&r.SNS.Topics, arn, func(t *world.Topic) world.Tags { return t.Tags })
	case "sqs":
		return of(&r.SQS.Queues, name, func(q *world.Queue) world.Tags { return q.Tags })
	case "events":
		if kind == "event-bus" {
			return of(&r.Events.Buses, strings.TrimPrefix(name, "event-bus/"), func(b *world.EventBus) world.Tags { return b.Tags })
		}
		rule := strings.TrimPrefix(name, "rule/")
		if !strings.Contains(rule, "/") {
			rule = "default/" + rule
		}
		return of(&r.Events.Rules, rule, func(e *world.EventRule) world.Tags { return e.Tags })
	}
	return nil
}
