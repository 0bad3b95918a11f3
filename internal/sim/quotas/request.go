package quotas

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// RequestServiceQuotaIncrease asks for a higher value; it is granted a minute later. One request per quota at a time.
func RequestServiceQuotaIncrease(
	c *world.Call, in *servicequotas.RequestServiceQuotaIncreaseInput,
) (*servicequotas.RequestServiceQuotaIncreaseOutput, error) {
	k, err := kind(in.ServiceCode, in.QuotaCode)
	if err != nil {
		return nil, err
	}
	if in.DesiredValue == nil {
		return nil, null("desiredValue")
	}
	region, wish := home(c, k), int(*in.DesiredValue)
	if err := checkWish(c, k, region, wish); err != nil {
		return nil, err
	}
	c.Schedule(decision, world.Event{Kind: granted, Region: region.Name, ID: k.Code, Arg: strconv.Itoa(wish)})
	return &servicequotas.RequestServiceQuotaIncreaseOutput{RequestedQuota: pending(c, k, wish)}, nil
}

func checkWish(c *world.Call, k world.QuotaKind, region *world.Region, wish int) error {
	if !k.Adjustable {
		return wire.Errorf("IllegalArgumentException", "The quota %s cannot be adjusted.", k.Code)
	}
	if wish <= region.Quota(k.Code) {
		return wire.Errorf("IllegalArgumentException", "You must provide a quota value greater than the current quota value.")
	}
	for _, e := range c.Queue.Events {
		if e.Kind == granted && e.Region == region.Name && e.ID == k.Code {
			return wire.Errorf("ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota.")
		}
	}
	return nil
}

func pending(c *world.Call, k world.QuotaKind, wish int) *types.RequestedServiceQuotaChange {
	name, _ := serviceName(k.Service)
	return &types.RequestedServiceQuotaChange{
		Id: aws.String(c.Hex(32)), ServiceCode: aws.String(k.Service), ServiceName: aws.String(name),
		QuotaCode: aws.String(k.Code), QuotaName: aws.String(k.Name), QuotaArn: aws.String(quotaARN(c, k)),
		DesiredValue: aws.Float64(float64(wish)), Unit: aws.String("None"), GlobalQuota: k.Global,
		Status: types.RequestStatusPending, Created: aws.Time(c.Now()), LastUpdated: aws.Time(c.Now()),
		QuotaRequestedAtLevel: types.AppliedLevelEnumAccount,
		Requester:             aws.String(`{"accountId":"` + world.Account + `","callerArn":"` + world.CallerARN + `"}`),
	}
}
