package config

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
	"berth/internal/spell"
)

// Endpoint is an AWS service that the private subnets reach through an endpoint.
type Endpoint struct {
	Service string // "ecr.api"
	Setting string // the name that Where knows what asks for it by: "vpc_endpoints[2]", "nat"
}

// InstanceServices are the services that instances and the tasks on them cannot do without when there is no way to the
// internet: the agent's own (ECS developer guide, "Amazon ECS interface VPC endpoints"), EC2, which tells the agent its
// instance's tags, the image registry, logs and figures, Session Manager, and what tasks take secrets and rights from.
// S3, where image layers and Amazon Linux's packages lie, has an endpoint in any case.
func InstanceServices() []string {
	return []string{
		"ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "kms", "logs", "monitoring",
		"secretsmanager", "ssm", "ssmmessages", "sts",
	}
}

// knownServices are services that have endpoints (AWS PrivateLink guide, "AWS services that integrate with AWS
// PrivateLink"). It is there to catch slips: whether a region has one is asked of AWS.
const knownServices = `
access-analyzer account acm-pca airflow.api airflow.env airflow.ops app-integrations appconfig appconfigdata
application-autoscaling appmesh appmesh-envoy-management apprunner apprunner.requests appstream.api appsync-api aps
aps-workspaces athena auditmanager autoscaling autoscaling-plans backup backup-gateway batch bedrock bedrock-agent
bedrock-agent-runtime bedrock-runtime cassandra cloudcontrolapi clouddirectory cloudformation cloudhsmv2 cloudtrail
codeartifact.api codeartifact.repositories codebuild codecommit codedeploy codedeploy-commands-secure codepipeline
comprehend config data-servicediscovery datasync dms ds dynamodb ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent
ecs-telemetry eks eks-auth elasticache elasticbeanstalk elasticbeanstalk-health elasticfilesystem elasticloadbalancing
elasticmapreduce email-smtp emr-containers emr-serverless events evidently execute-api fis forecast fsx git-codecommit
glue grafana guardduty-data healthlake inspector2 iot.data iotsitewise.api kafka kendra kinesis-firehose kinesis-streams
kms lakeformation lambda license-manager logs lookoutmetrics macie2 mediaconnect memory-db mgn monitoring network-firewall
organizations pipes polly private-networks qldb.session rds rds-data redshift redshift-data rekognition resource-groups
robomaker rolesanywhere route53resolver rum s3 sagemaker.api sagemaker.featurestore-runtime sagemaker.runtime scheduler
secretsmanager securityhub servicecatalog servicediscovery signin sns sqs ssm ssm-contacts ssm-incidents ssm-quicksetup
ssmmessages states storagegateway sts swf sync-states synthetics tagging textract timestream-influxdb transcribe
transcribestreaming transfer transfer.server translate verifiedpermissions vpc-lattice wellarchitected workspaces xray
`

var serviceName = regexp.MustCompile(`^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?)$`)

// endpoints reads which services get an endpoint, S3 apart, which always has one: what the file names, and without NAT
// gateways what instances need.
func (s settings) endpoints(c *Config) {
	list, _ := s.list("vpc_endpoints")
	first := map[string]written{}
	for _, w := range list {
		service, ok := s.service(w, c.Region)
		if !ok {
			continue
		}
		if other, twice := first[service]; twice {
			s.Fail(w.At, Fault{
				Code: tfvars.CodeTwice, Summary: w.Path + " " + tfvars.Quote(w.text) + " is named twice",
				Detail: "The first one stands at " + other.At.Place().String() + ".", Hint: "name each service once",
			})
			continue
		}
		first[service] = w
		if service != "s3" {
			c.Endpoints = append(c.Endpoints, Endpoint{service, w.Path})
		}
	}
	if c.NAT == None {
		for _, service := range InstanceServices() {
			if _, named := first[service]; !named {
				c.Endpoints = append(c.Endpoints, Endpoint{service, "nat"})
			}
		}
	}
	slices.SortFunc(c.Endpoints, func(a, b Endpoint) int { return cmp.Compare(a.Service, b.Service) })
	s.roomForEndpoints(c)
}

// service reads a service: a known one by its short name, any one of the region by its whole name, so that nobody has to
// wait for a new berth when AWS has a new service.
func (s settings) service(w written, region string) (string, bool) {
	known := strings.Fields(knownServices)
	if slices.Contains(known, w.text) {
		return w.text, true
	}
	m := serviceName.FindStringSubmatch(w.text)
	if m != nil && m[1] != "vpce" && (region == "" || m[1] == region) {
		return m[2], true
	}
	f := Fault{Code: codeService, Summary: w.Path + " " + tfvars.Quote(w.text) + " is no AWS service that berth knows"}
	whole := "com.amazonaws." + cmp.Or(region, "eu-west-1") + "."
	f.Hint = "a service that berth does not know is named in full: " + tfvars.Quote(whole+"SERVICE")
	switch near := spell.Nearest(strings.ToLower(w.text), known); {
	case m != nil && m[1] == "vpce":
		f.Code, f.Summary = codeForeignService, w.Path+" "+tfvars.Quote(w.text)+" is somebody's own endpoint service"
		f.Detail, f.Hint = "berth makes endpoints for AWS's services; another owner must accept each connection.", "make that endpoint yourself, in the cluster's private subnets"
	case m != nil:
		f.Code, f.Summary = codeForeignService, w.Path+" "+tfvars.Quote(w.text)+" is a service of another region"
		f.Detail, f.Hint = "aws_region is "+region+".", "write "+tfvars.Quote(whole+m[2])
	case near != "":
		f.Hint = "did you mean " + near + "?\n" + f.Hint
	}
	s.Fail(w.At, f)
	return "", false
}

// addressesOfBalancer is how many free addresses a load balancer wants in a subnet (Elastic Load Balancing user guide,
// "Availability Zone subnets").
const addressesOfBalancer = 8

// reservedAddresses is how many addresses of a subnet AWS keeps (VPC user guide, "Subnet sizing").
const reservedAddresses = 5

// roomForEndpoints wants every private subnet to have an address for each interface endpoint, for the internal load
// balancers, and for one instance at least.
func (s settings) roomForEndpoints(c *Config) {
	interfaces := 0
	for _, e := range c.Endpoints {
		if e.Service != "dynamodb" { // a gateway endpoint takes no address
			interfaces++
		}
	}
	if interfaces == 0 {
		return
	}
	need := interfaces + 1
	for _, lb := range c.LoadBalancers {
		if lb.Scheme == Internal {
			need += addressesOfBalancer
		}
	}
	given := s.values["private_subnet_cidrs"].Items
	for i, z := range c.Zones {
		free := 1<<(32-z.PrivateCIDR.Bits()) - reservedAddresses
		if free >= need {
			continue
		}
		at := s.values["vpc_cidr"].At
		if i < len(given) {
			at = given[i].At
		}
		s.Fail(at, Fault{
			Code: codeNoRoomForWays, Summary: "the private subnet of " + z.Name + " " + z.PrivateCIDR.String() + " has " + strconv.Itoa(free) + " addresses, and " + strconv.Itoa(need) + " are needed",
			Detail: "Each interface endpoint takes one in each zone (" + plural(interfaces, "service") + "), an internal load balancer " + strconv.Itoa(addressesOfBalancer) + ", and an instance one.",
			Hint:   "give it a larger block, such as a /24, or name fewer vpc_endpoints",
		})
	}
}
