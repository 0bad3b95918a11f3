// Package quotas is the simulated Service Quotas: what an account may have in a region, and the wish for more.
//
// In go calls of the API with the SDK's own types. Out come answers and, a minute after a request, a raised value in the
// region's Quotas, which the other services obey from then on.
//
// It must never refuse an increase: a request within AWS's form is always granted.
package quotas

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// granted is the event that raises a quota: ID is its code, Arg the value.
const granted world.Kind = "quotas.request-granted"

// decision is how long a request is pending.
const decision = time.Minute

// Operations is Service Quotas' API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"ListServices":                wire.Op(ListServices),
		"ListServiceQuotas":           wire.Op(ListServiceQuotas),
		"GetServiceQuota":             wire.Op(GetServiceQuota),
		"ListAWSDefaultServiceQuotas": wire.Op(ListAWSDefaultServiceQuotas),
		"GetAWSDefaultServiceQuota":   wire.Op(GetAWSDefaultServiceQuota),
		"RequestServiceQuotaIncrease": wire.Op(RequestServiceQuotaIncrease),
	}
}

// Handlers raises a quota when its request is granted.
func Handlers() world.Handlers {
	return world.Handlers{granted: {grant}}
}

func grant(w *world.World, e world.Event) {
	n, err := strconv.Atoi(e.Arg)
	if err != nil { // only RequestServiceQuotaIncrease makes these events
		return
	}
	r := w.Region(e.Region)
	if r.Quotas == nil {
		r.Quotas = map[string]int{}
	}
	r.Quotas[e.ID] = n
}

// serviceNames gives the services their long names, in the order in which they are listed.
func serviceNames() []types.ServiceInfo {
	info := func(code, name string) types.ServiceInfo {
		return types.ServiceInfo{ServiceCode: aws.String(code), ServiceName: aws.String(name)}
	}
	return []types.ServiceInfo{
		info("autoscaling", "Amazon EC2 Auto Scaling"),
		info("ec2", "Amazon Elastic Compute Cloud (Amazon EC2)"),
		info("ecs", "Amazon Elastic Container Service (Amazon ECS)"),
		info("elasticloadbalancing", "Elastic Load Balancing (ELB)"),
		info("iam", "AWS Identity and Access Management (IAM)"),
		info("s3", "Amazon Simple Storage Service (Amazon S3)"),
		info("vpc", "Amazon Virtual Private Cloud (Amazon VPC)"),
	}
}

func serviceName(code string) (string, bool) {
	for _, s := range serviceNames() {
		if *s.ServiceCode == code {
			return *s.ServiceName, true
		}
	}
	return "", false
}

func noSuch(what string) error {
	return wire.Errorf("NoSuchResourceException", "The request failed because the specified %s does not exist.", what)
}

// kinds are the quotas of one service.
func kinds(service *string) ([]world.QuotaKind, error) {
	code := aws.ToString(service)
	if code == "" {
		return nil, null("serviceCode")
	}
	if _, ok := serviceName(code); !ok {
		return nil, noSuch("service")
	}
	var out []world.QuotaKind
	for _, k := range world.QuotaKinds() {
		if k.Service == code {
			out = append(out, k)
		}
	}
	return out, nil
}

func kind(service, code *string) (world.QuotaKind, error) {
	all, err := kinds(service)
	if err != nil {
		return world.QuotaKind{}, err
	}
	if aws.ToString(code) == "" {
		return world.QuotaKind{}, null("quotaCode")
	}
	for _, k := range all {
		if k.Code == *code {
			return k, nil
		}
	}
	return world.QuotaKind{}, noSuch("quota")
}

func null(member string) error {
	return wire.Errorf("ValidationException",
		"1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
}

// show is a quota with a value, as every answer has it.
func show(c *world.Call, k world.QuotaKind, value int) types.ServiceQuota {
	name, _ := serviceName(k.Service)
	return types.ServiceQuota{
		ServiceCode: aws.String(k.Service), ServiceName: aws.String(name), QuotaCode: aws.String(k.Code), QuotaName: aws.String(k.Name),
		QuotaArn: aws.String(quotaARN(c, k)), Value: aws.Float64(float64(value)), Unit: aws.String("None"),
		Adjustable: k.Adjustable, GlobalQuota: k.Global, QuotaAppliedAtLevel: types.AppliedLevelEnumAccount,
	}
}

func quotaARN(c *world.Call, k world.QuotaKind) string {
	if k.Global {
		return "arn:aws:servicequotas::" + world.Account + ":" + k.Service + "/" + k.Code
	}
	return c.ARN("servicequotas", k.Service+"/"+k.Code)
}

// home is where a quota's value is kept: quotas of the whole account are kept in us-east-1.
func home(c *world.Call, k world.QuotaKind) *world.Region {
	if k.Global {
		return c.World.Region("us-east-1")
	}
	return c.Region
}

// ListServices lists the services that have quotas here.
func ListServices(_ *world.Call, in *servicequotas.ListServicesInput) (*servicequotas.ListServicesOutput, error) {
	rows, next, err := page(serviceNames(), in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &servicequotas.ListServicesOutput{Services: rows, NextToken: next}, nil
}

// ListServiceQuotas lists a service's quotas with the values that hold.
func ListServiceQuotas(c *world.Call, in *servicequotas.ListServiceQuotasInput) (*servicequotas.ListServiceQuotasOutput, error) {
	all, err := kinds(in.ServiceCode)
	if err != nil {
		return nil, err
	}
	out := []types.ServiceQuota{}
	for _, k := range all {
		wanted := in.QuotaCode == nil || *in.QuotaCode == k.Code
		if wanted && in.QuotaAppliedAtLevel != types.AppliedLevelEnumResource {
			out = append(out, show(c, k, home(c, k).Quota(k.Code)))
		}
	}
	rows, next, err := page(out, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &servicequotas.ListServiceQuotasOutput{Quotas: rows, NextToken: next}, nil
}

// GetServiceQuota shows a quota with the value that holds.
func GetServiceQuota(c *world.Call, in *servicequotas.GetServiceQuotaInput) (*servicequotas.GetServiceQuotaOutput, error) {
	k, err := kind(in.ServiceCode, in.QuotaCode)
	if err != nil {
		return nil, err
	}
	q := show(c, k, home(c, k).Quota(k.Code))
	return &servicequotas.GetServiceQuotaOutput{Quota: &q}, nil
}

// ListAWSDefaultServiceQuotas lists a service's quotas with AWS's defaults.
func ListAWSDefaultServiceQuotas(c *world.Call, in *servicequotas.ListAWSDefaultServiceQuotasInput) (*servicequotas.ListAWSDefaultServiceQuotasOutput, error) {
	all, err := kinds(in.ServiceCode)
	if err != nil {
		return nil, err
	}
	out := []types.ServiceQuota{}
	for _, k := range all {
		out = append(out, show(c, k, k.Default))
	}
	rows, next, err := page(out, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &servicequotas.ListAWSDefaultServiceQuotasOutput{Quotas: rows, NextToken: next}, nil
}

// GetAWSDefaultServiceQuota shows a quota with AWS's default.
func GetAWSDefaultServiceQuota(c *world.Call, in *servicequotas.GetAWSDefaultServiceQuotaInput) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error) {
	k, err := kind(in.ServiceCode, in.QuotaCode)
	if err != nil {
		return nil, err
	}
	q := show(c, k, k.Default)
	return &servicequotas.GetAWSDefaultServiceQuotaOutput{Quota: &q}, nil
}
