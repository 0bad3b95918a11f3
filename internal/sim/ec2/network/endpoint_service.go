package network

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// interfaceServices are services that have interface endpoints (AWS PrivateLink guide, "AWS services that integrate with
// AWS PrivateLink"). Those in capitals are not in every zone; which, and in which regions a service is at all, stands for
// what AWS offers where.
const interfaceServices = `
access-analyzer acm-pca appconfig appconfigdata application-autoscaling APPRUNNER athena autoscaling backup batch BEDROCK
BEDROCK-RUNTIME cassandra cloudformation cloudtrail codebuild codecommit codedeploy codepipeline config datasync dms ds ebs
ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry eks EKS-AUTH elasticache elasticfilesystem elasticloadbalancing
elasticmapreduce email-smtp events execute-api fis fsx git-codecommit glue grafana inspector2 kafka kinesis-firehose
kinesis-streams kms lambda license-manager logs monitoring network-firewall organizations pipes polly rds rds-data redshift
redshift-data rekognition resource-groups route53resolver s3 sagemaker.api sagemaker.runtime scheduler secretsmanager
securityhub servicecatalog servicediscovery sns sqs ssm ssm-contacts ssm-incidents ssmmessages states storagegateway sts
swf synthetics tagging textract transcribe transfer transfer.server translate verifiedpermissions vpc-lattice workspaces
xray
`

// rareServices are those that only some regions have.
func rareServices() map[string][]string {
	return map[string][]string{"apprunner": {"ap-northeast-1", "ap-southeast-1", "eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"}}
}

// oldZone is the zone of us-east-1 that gets little that is new.
const oldZone = "use1-az3"

// hasInterface tells whether a service has interface endpoints in a region.
func hasInterface(region, short string) bool {
	regions, rare := rareServices()[short]
	known := slices.ContainsFunc(strings.Fields(interfaceServices), func(s string) bool { return strings.ToLower(s) == short })
	return known && (!rare || slices.Contains(regions, region))
}

// offered tells whether a service's interface endpoints can stand in a zone.
func offered(region, service, zoneID string) bool {
	short := strings.TrimPrefix(service, serviceName(region, ""))
	return zoneID != oldZone || !slices.Contains(strings.Fields(interfaceServices), strings.ToUpper(short))
}

// service is an AWS service with the types of endpoints that it has.
type service struct {
	name  string
	kinds []string
}

func services(region string) []*service {
	var out []*service
	for _, p := range prefixLists(region) {
		out = append(out, &service{p.name, []string{gatewayEndpoint}})
	}
	for _, short := range strings.Fields(strings.ToLower(interfaceServices)) {
		name := serviceName(region, short)
		if !hasInterface(region, short) {
			continue
		}
		if i := slices.IndexFunc(out, func(s *service) bool { return s.name == name }); i >= 0 {
			out[i].kinds = append(out[i].kinds, interfaceEndpoint)
			continue
		}
		out = append(out, &service{name, []string{interfaceEndpoint}})
	}
	return out
}

// DescribeVpcEndpointServices lists the services that endpoints can lead to.
func DescribeVpcEndpointServices(c *world.Call, in *ec2.DescribeVpcEndpointServicesInput) (*ec2.DescribeVpcEndpointServicesOutput, error) {
	rows := services(c.Region.Name)
	for _, name := range in.ServiceNames {
		if !slices.ContainsFunc(rows, func(s *service) bool { return s.name == name }) {
			return nil, wire.Errorf("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
		}
	}
	if len(in.ServiceNames) > 0 {
		rows = slices.DeleteFunc(rows, func(s *service) bool { return !slices.Contains(in.ServiceNames, s.name) })
	}
	known := listing.Fields[service]{
		"owner":                      func(*service) []string { return listing.One("amazon") },
		"service-name":               func(s *service) []string { return listing.One(s.name) },
		"service-region":             func(*service) []string { return listing.One(c.Region.Name) },
		"service-type":               func(s *service) []string { return s.kinds },
		"supported-ip-address-types": func(*service) []string { return listing.One("ipv4") },
	}
	rows, err := listing.Sift(slices.Values(rows), in.Filters, known, func(*service) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeVpcEndpointServicesOutput{NextToken: next}
	for _, s := range rows {
		out.ServiceNames = append(out.ServiceNames, s.name)
		out.ServiceDetails = append(out.ServiceDetails, serviceOut(c.Region, s))
	}
	return out, nil
}

func serviceOut(r *world.Region, s *service) types.ServiceDetail {
	out := types.ServiceDetail{
		ServiceName: aws.String(s.name), ServiceRegion: aws.String(r.Name), Owner: aws.String("amazon"), AcceptanceRequired: aws.Bool(false),
		ManagesVpcEndpoints: aws.Bool(false), VpcEndpointPolicySupported: aws.Bool(true), Tags: []types.Tag{},
		SupportedIpAddressTypes: []types.ServiceConnectivityType{types.ServiceConnectivityTypeIpv4},
	}
	for _, z := range Zones(r.Name) {
		if slices.Contains(s.kinds, interfaceEndpoint) && !offered(r.Name, s.name, z.ID) {
			continue
		}
		out.AvailabilityZones = append(out.AvailabilityZones, z.Name)
		out.AvailabilityZoneIds = append(out.AvailabilityZoneIds, z.ID)
	}
	for _, k := range s.kinds {
		out.ServiceType = append(out.ServiceType, types.ServiceTypeDetail{ServiceType: types.ServiceType(k)})
	}
	if slices.Contains(s.kinds, interfaceEndpoint) {
		out.PrivateDnsName = aws.String(serviceDNS(r, &world.Endpoint{Service: s.name}))
	}
	return out
}
