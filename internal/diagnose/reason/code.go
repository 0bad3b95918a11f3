// Package reason sorts AWS's words for what failed.
//
// In: reasons and exit codes as AWS gives them. Out: codes of diagnoses, which are stable and have a page each, and the things that
// the words name. What it does not know it says to be nothing: it never guesses, and sees no more than the words.
package reason

// What is wrong with images.
const (
	NoImage     = "WHY101"
	NoAccess    = "WHY102"
	RateLimit   = "WHY103"
	OtherArch   = "WHY104"
	NoRegistry  = "WHY105"
	DiskFull    = "WHY106"
	BadImage    = "WHY107"
	PullUnclear = "WHY108"
)

// How containers end.
const (
	ExitCode     = "WHY201"
	ExitZero     = "WHY202"
	OomContainer = "WHY203"
	OomTask      = "WHY204"
	OomInstance  = "WHY205"
	Killed       = "WHY206"
	Crashed      = "WHY207"
	Terminated   = "WHY208"
	NoCommand    = "WHY209"
	NoStart      = "WHY210"
	NoDependency = "WHY211"
)

// What health checks find.
const (
	WrongAnswer = "WHY301"
	NoAnswer    = "WHY302"
	SlowStart   = "WHY303"
	OwnCheck    = "WHY304"
	NoListener  = "WHY305"
)

// Why tasks find no instance.
const (
	LackCPU        = "WHY401"
	LackMemory     = "WHY402"
	LackPort       = "WHY403"
	LackAttribute  = "WHY404"
	LackConstraint = "WHY405"
	LackInterface  = "WHY406"
	NoInstances    = "WHY407"
	LackAgent      = "WHY408"
	LackGPU        = "WHY409"
	LackZone       = "WHY410"
	LackRoom       = "WHY411"
	TooMany        = "WHY412"
)

// What tasks are given before they start.
const (
	NoSecret    = "WHY501"
	SecretShut  = "WHY502"
	BadKey      = "WHY503"
	NoParameter = "WHY504"
	BadRole     = "WHY505"
	KeyShut     = "WHY506"
	NoWay       = "WHY507"
	NoLogGroup  = "WHY508"
	NoInterface = "WHY509"
	NoVolume    = "WHY510"
)

// What is wrong with instances.
const (
	AgentGone      = "WHY601"
	NoCapacity     = "WHY602"
	NoLaunch       = "WHY603"
	DrainDeadlock  = "WHY604"
	DrainProtected = "WHY605"
	DrainAlone     = "WHY606"
	DrainNoRoom    = "WHY607"
	HostGone       = "WHY608"
	SpotTaken      = "WHY609"
	NotJoined      = "WHY610"
	ZoneDark       = "WHY611"
)

// What becomes of deployments.
const (
	ByBreaker  = "WHY701"
	ByAlarm    = "WHY702"
	Superseded = "WHY703"
	Stopped    = "WHY704"
	Failed     = "WHY705"
	Looping    = "WHY706"
	Stuck      = "WHY707"
	Throttled  = "WHY708"
	ByHand     = "WHY709"
	BackFailed = "WHY710"
	Held       = "WHY711"
)

// Unknown is what nobody knows the cause of.
const Unknown = "WHY999"
