package permit

import (
	"strings"

	"berth/internal/model"
)

// place is where an action is allowed: on which resources, under which conditions. One place is one statement of a policy.
type place int

// The places, in the order of their statements.
const (
	anywhere          place = iota // reads of what IAM cannot scope
	ec2Make                        // what is made in EC2, which must be tagged as the cluster's
	ec2Tag                         // the tags of what is made
	ec2Own                         // what carries the cluster's key
	othersVPC                      // the VPC of others that the cluster lives in
	othersSubnets                  // its subnets that instances are launched in
	ec2Recover                     // what has lost its key, but is the cluster's by its other tags
	ec2Default                     // the group that AWS makes with a VPC, which nobody can tag in that call
	ec2Launch                      // what the groups may launch, by the cluster's templates only
	privateNames                   // AWS's hosted zones, by which endpoints have AWS's names
	groups                         // Auto Scaling groups
	balancers                      // load balancers, listeners and target groups
	containers                     // the ECS cluster, its providers and what runs in it
	containerLists                 // lists of what runs in it
	roles                          // roles and instance profiles
	rolePolicies                   // the managed policies that roles may get
	rolePass                       // the handing over of roles to the services that take them on
	givenRoles                     // roles of others that the file names for tasks
	serviceRoles                   // AWS's own roles, to be seen
	serviceRoleMake                // AWS's own roles, to be made
	bucket                         // the cluster's bucket
	bucketObjects                  // what is in it
	logGroups                      // the instances' log groups
	logGroupTags                   // whose log groups of instances are
	logGroupsBefore                // those of a prefix that the file had before
	keys                           // keys of KMS, to be looked at
	keyMake                        // the key that is made
	keyOwn                         // the key that carries the cluster's key
	keyRecover                     // the one that has lost it
	keyAlias                       // the key's name
	topic                          // the topic of the alerts
	queues                         // the cluster's queues
	alertQueues                    // queues of others that the file names
	alertTopics                    // topics of others that the file names
	eventQueue                     // the queue with the cluster's events
	bothQueues                     // that queue, and the one for what could not be delivered
	eventBus                       // the account's own bus, to put test messages on
	watchObjects                   // the lease and the memory of watchers
	eventRules                     // the cluster's rules
	secrets                        // the logins of registries
	givenSecrets                   // secrets of others that the file names
	agentObject                    // the logins that the ECS agents read
	tenantLogs                     // log groups of services, which may have any name
	tenantLogMake                  // those that are made, tagged as the cluster's and a service's
	tenantLogTags                  // whose log groups are
	tenantRules                    // listener rules of services
	tenantDefinitions              // task definitions of services
	tenantServices                 // services, their deployments and revisions
	tenantShipped                  // services and tasks that are made, with what they run
	tenantTasks                    // task definitions as such: what a task is run from
	tenantPass                     // the handing over of roles to tasks
	tenantRoles                    // roles that tasks name, to be seen
	tenantSecrets                  // secrets that tasks name, to be seen
	tenantLogins                   // logins to ECR, of any region
	tenantImages                   // images of ECR that tasks name, to be seen
	serviceLeases                  // the leases of services
	rollObjects                    // the leases and the memory of a roll
	parameters                     // AWS's public parameters
)

// spec is a place as IAM knows it.
type spec struct {
	sid       string
	resources []string
	condition condition
	made      bool // of what does not stand yet
}

// condition is the operators with their keys and values.
type condition map[string]map[string]words

// spec fills a place in for a cluster.
func (c Cluster) spec(at place) spec {
	switch {
	case at <= anywhere:
		return spec{sid: "Anywhere", resources: []string{"*"}, condition: condition{"StringEquals": {"aws:RequestedRegion": {c.Region}}}}
	case at == othersVPC, at == othersSubnets, at == privateNames:
		return c.othersSpec(at)
	case at <= ec2Launch:
		return c.ec2Spec(at)
	case at <= containerLists:
		return c.clusterSpec(at)
	case at <= serviceRoleMake:
		return c.identitySpec(at)
	case at >= secrets && at <= agentObject:
		return c.secretSpec(at)
	case at >= tenantLogs && at <= tenantDefinitions:
		return c.tenantSpec(at)
	case at == rollObjects:
		return c.rollSpec()
	case at >= tenantServices && at <= serviceLeases:
		return c.rolloutSpec(at)
	case at >= keys && at <= eventRules:
		return c.messagingSpec(at)
	}
	return c.storageSpec(at)
}

func (c Cluster) ec2Spec(at place) spec {
	all := []string{c.arn("ec2", "*")}
	marks := map[string]words{"aws:RequestTag/" + model.TagEnvironment: {c.Environment}, "aws:RequestTag/" + model.TagCluster: {c.Cluster}}
	own := "aws:ResourceTag/" + model.TagKey
	switch at {
	case ec2Make:
		return spec{"Make", all, condition{"StringEquals": marks}, true}
	case ec2Tag:
		return spec{"TagWhatIsMade", all, condition{"StringEquals": marks, "Null": {"ec2:CreateAction": {"false"}}}, true}
	case ec2Own:
		return spec{"Own", all, condition{"StringLike": {own: {c.Mark() + ":*"}}}, false}
	case ec2Recover:
		return spec{"OwnWithoutKey", all, condition{
			"StringEquals": {"aws:ResourceTag/" + model.TagEnvironment: {c.Environment}, "aws:ResourceTag/" + model.TagCluster: {c.Cluster}},
			"Null":         {own: {"true"}},
		}, false}
	case ec2Default:
		return spec{"DefaultGroup", []string{c.arn("ec2", "security-group/*")}, condition{"Null": {own: {"true"}}}, false}
	default:
		return spec{"Launch", []string{
			c.arn("ec2", "instance/*"), c.arn("ec2", "key-pair/*"), c.arn("ec2", "network-interface/*"), c.arn("ec2", "volume/*"),
			"arn:" + c.partition() + ":ec2:" + c.Region + "::image/*",
		}, condition{"ArnLike": {"ec2:LaunchTemplate": {c.arn("ec2", "launch-template/*")}}}, true}
	}
}

func (c Cluster) clusterSpec(at place) spec {
	cluster := c.arn("ecs", "cluster/"+c.ClusterName())
	switch at {
	case groups:
		return spec{sid: "Groups", resources: c.each("autoscaling", "autoScalingGroup:*:autoScalingGroupName/", begin(c.GroupName(""), 255)...)}
	case balancers:
		s := spec{sid: "Balancers"}
		for _, name := range begin(c.BalancerName("")+"-", 32) {
			s.resources = append(s.resources, c.arn("elasticloadbalancing", "*/app/"+name+"/*"), c.arn("elasticloadbalancing", "targetgroup/"+name+"/*"),
				c.arn("elasticloadbalancing", "loadbalancer/"+name))
		}
		name := c.BalancerName("")
		s.resources = append(s.resources, c.arn("elasticloadbalancing", "*/app/"+name+"/*"), c.arn("elasticloadbalancing", "loadbalancer/"+name))
		return s
	case containers:
		inside := "/" + c.ClusterName() + "/*"
		s := spec{sid: "Containers", resources: []string{cluster}}
		s.resources = append(s.resources, c.each("ecs", "capacity-provider/", begin(c.ProviderName(""), 255)...)...)
		s.resources = append(s.resources, c.each("ecs", "", "container-instance"+inside, "service"+inside, "task"+inside, "task-definition/"+c.FamilyPrefix()+"*")...)
		return s
	default:
		return spec{sid: "ContainerLists", resources: []string{"*"}, condition: condition{"ArnEquals": {"ecs:cluster": {cluster}}}}
	}
}

func (c Cluster) identitySpec(at place) spec {
	names := begin(c.RoleName(""), 64)
	switch at {
	case roles: // of a role that is not there IAM does not know the path
		s := spec{sid: "Roles"}
		for _, path := range []string{c.RolePath(), "/"} {
			s.resources = append(s.resources, c.each("iam", "role"+path, names...)...)
			s.resources = append(s.resources, c.each("iam", "instance-profile"+path, names...)...)
		}
		return s
	case rolePolicies:
		var policies words
		for _, p := range managedPolicies() {
			policies = append(policies, "arn:"+c.partition()+":iam::aws:policy/"+p)
		}
		return spec{sid: "RolePolicies", resources: c.each("iam", "role"+c.RolePath(), names...), condition: condition{"ArnEquals": {"iam:PolicyARN": policies}}}
	case rolePass:
		return spec{
			sid: "PassRoles", resources: c.each("iam", "role"+c.RolePath(), names...),
			condition: condition{"StringEquals": {"iam:PassedToService": passedTo()}},
		}
	case givenRoles:
		return spec{sid: "GivenRoles", resources: c.TaskRoles, condition: condition{"StringEquals": {"iam:PassedToService": {"ecs-tasks.amazonaws.com"}}}}
	case serviceRoles:
		return spec{sid: "ServiceRoles", resources: []string{c.arn("iam", "role/AWSServiceRoleFor*"), c.arn("iam", "role/aws-service-role/*")}}
	default:
		return spec{
			sid: "MakeServiceRoles", resources: []string{c.arn("iam", "role/aws-service-role/*")},
			condition: condition{"StringEquals": {"iam:AWSServiceName": serviceNames()}},
		}
	}
}

func (c Cluster) storageSpec(at place) spec {
	b := "arn:" + c.partition() + ":s3:::" + c.bucket()
	switch at {
	case bucket:
		return spec{sid: "Bucket", resources: []string{b}}
	case bucketObjects:
		return spec{sid: "BucketObjects", resources: []string{b + "/*"}}
	case logGroups:
		return spec{sid: "LogGroups", resources: []string{c.arn("logs", "log-group:"+c.LogPrefix+"/var/log/*"), c.arn("logs", "log-group:"+c.FlowLogGroupName()+"*")}}
	case logGroupTags:
		return spec{sid: "LogGroupTags", resources: []string{c.arn("logs", "log-group:*/var/log/*"), c.arn("logs", "log-group:"+c.FlowLogGroupName()+"*")}}
	case logGroupsBefore:
		return spec{
			sid: "LogGroupsBefore", resources: []string{c.arn("logs", "log-group:*/var/log/*")},
			condition: condition{"StringLike": {"aws:ResourceTag/" + model.TagKey: {c.Mark() + ":*"}}},
		}
	default:
		own := "arn:" + c.partition() + ":ssm:" + c.Region + "::parameter/aws/service/"
		return spec{sid: "Images", resources: []string{own + "bottlerocket/aws-ecs-*", own + "ecs/optimized-ami/*"}}
	}
}

// othersSpec is what others have made and the file names, by ids or by tags.
func (c Cluster) othersSpec(at place) spec {
	switch at {
	case othersVPC:
		return c.borrowed("OthersVPC", "vpc", c.VPC)
	case othersSubnets:
		return c.borrowed("OthersSubnets", "subnet", c.Subnets)
	default:
		return spec{sid: "PrivateNames", resources: []string{"arn:" + c.partition() + ":route53:::hostedzone/*"}}
	}
}

func (c Cluster) borrowed(sid, kind string, b Borrowed) spec {
	s := spec{sid: sid}
	for _, id := range b.IDs {
		s.resources = append(s.resources, c.arn("ec2", kind+"/"+id))
	}
	if len(b.IDs) > 0 || len(b.Tags) == 0 {
		return s
	}
	tags := map[string]words{}
	for _, t := range b.Tags {
		tags["aws:ResourceTag/"+t.Key] = words{t.Value}
	}
	s.resources, s.condition = []string{c.arn("ec2", kind+"/*")}, condition{"StringLike": tags} // the file takes wildcards
	return s
}

// bucket is the bucket's name. Its length counts, so that a name that is cut is cut in the same place: an account has twelve
// digits.
func (c Cluster) bucket() string {
	if c.Account != "" {
		return c.BucketName()
	}
	const digits = "????????????"
	c.Account = digits
	name := c.BucketName()
	if full := len("berth-" + digits + "-" + c.Region + "-" + c.Environment + "-" + c.Cluster); full > 63 {
		name = name[:len(name)-8] + "*" // the hash is the account's too
	}
	return strings.Replace(name, digits, "*", 1)
}

// arn is an ARN of the cluster's account and region; IAM's have no region.
func (c Cluster) arn(service, rest string) string {
	account, region := c.Account, c.Region
	if account == "" {
		account = "*"
	}
	if service == "iam" {
		region = ""
	}
	return "arn:" + c.partition() + ":" + service + ":" + region + ":" + account + ":" + rest
}

// each is an ARN for every name.
func (c Cluster) each(service, before string, names ...string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = c.arn(service, before+n)
	}
	return out
}

// partition is AWS's, or that of the regions that stand apart.
func (c Cluster) partition() string {
	if c.Partition != "" {
		return c.Partition
	}
	return Partition(c.Region)
}

// Partition is the part of AWS that a region belongs to: each has ARNs of its own.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// begin are the patterns of all names that begin so and may be cut at a limit, as model.Scope cuts them: nine characters before
// it.
func begin(name string, limit int) []string {
	if len(name) <= limit-9 {
		return []string{name + "*"}
	}
	return []string{name[:limit-9] + "*"}
}
