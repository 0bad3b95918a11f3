package config

import (
	_ "embed"

	"berth/internal/pages"
)

// Explanation is the offline help for one fault code.
type Explanation = pages.Explanation

// The codes are stable: a number never changes its meaning and is never used again.
const (
	codeUnknown        = "CFG011"
	codeMissing        = "CFG013"
	codeAlias          = "CFG014"
	codeChoice         = "CFG017"
	codeIllegalName    = "CFG018"
	codeReserved       = "CFG019"
	codeTooMany        = "CFG020"
	codeIllegalText    = "CFG021"
	codeCIDR           = "CFG022"
	codeNotIPv4        = "CFG023"
	codeHostBits       = "CFG024"
	codeVPCSize        = "CFG025"
	codeVPCRange       = "CFG026"
	codeOutside        = "CFG027"
	codeOverlap        = "CFG028"
	codeSubnetSmall    = "CFG029"
	codeSubnetBig      = "CFG030"
	codeCount          = "CFG031"
	codeNoRoom         = "CFG032"
	codeRegion         = "CFG033"
	codeNoZones        = "CFG034"
	codeZone           = "CFG035"
	codeLocalZone      = "CFG036"
	codeOneZone        = "CFG037"
	codeSizeOrder      = "CFG038"
	codeSizeRange      = "CFG039"
	codeType           = "CFG040"
	codeMixedArch      = "CFG041"
	codeArch           = "CFG042"
	codeAMI            = "CFG043"
	codeForeignAMI     = "CFG044"
	codeNotHere        = "CFG045"
	codePort           = "CFG046"
	codeBalancer       = "CFG047"
	codeDockerRange    = "CFG048"
	codeAgentName      = "CFG049"
	codeAgentOwned     = "CFG050"
	codeInFile         = "CFG051"
	codeAgentValue     = "CFG052"
	codeHost           = "CFG053"
	codeLogin          = "CFG054"
	codeService        = "CFG063"
	codeForeignService = "CFG064"
	codeFlowLogs       = "CFG065"
	codeNoRoomForWays  = "CFG066"
	codeOwnBucket      = "CFG067"
	codeOneWay         = "CFG068"
	codeIdentifier     = "CFG069"
	codeBothTiers      = "CFG070"
	codeOwnNetwork     = "CFG071"
	codeARN            = "CFG075"
	codeElsewhere      = "CFG076"
	codePolicy         = "CFG077"
	codeBounds         = "CFG078"
	codeTimeout        = "CFG079"
	codeWho            = "CFG080"
	codeOneReceiver    = "CFG057"
	codeEmail          = "CFG058"
	codeWebAddress     = "CFG059"
	codeWebSecret      = "CFG060"
	codeQueueARN       = "CFG061"
	codeToldTwice      = "CFG062"
	codeMixedDrivers   = "CFG081"
	codeNoImage        = "CFG082"
	codeNotTOML        = "CFG083"
	codeForeignSetting = "CFG084"
	codePublicKey      = "CFG085"
	codePrivateKey     = "CFG086"
	codeVolume         = "CFG087"
	codePercentage     = "CFG088"
	codeImage          = "CFG089"
	codeAmount         = "CFG090"
	codeSource         = "CFG091"
	codePlainSecret    = "CFG092"
	codeMount          = "CFG093"
	codePortText       = "CFG094"
	codeGroup          = "CFG095"

	codeForeignCompanion = "CFG096"
	codeMailServer       = "CFG097"
	codeTemplate         = "CFG098"
)

//go:embed codes.txt
var codesText string // "CODE title: text" in each line

// Codes lists the help for every fault code, in the order of the codes.
func Codes() []Explanation {
	return pages.Lines(codesText).All()
}

// Explain finds the help for one fault code; false when the code is none of this package.
func Explain(code string) (Explanation, bool) {
	return pages.Lines(codesText).Explain(code)
}
